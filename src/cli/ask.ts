import { SopsError } from '../core/errors.ts';
import type { CliHost } from './host.ts';
import type { Output } from './output.ts';

const NEWLINE = 0x0a;
const BLANKS = new Set([0x20, 0x09, 0x0d]);

/**
 * Asks until the answer is `y` or `n`. One word a line, read byte by byte, so that what follows on stdin stays there for others.
 * Upstream: Go's `fmt.Scanln`, whose errors these are.
 *
 * @param question printed to stdout as it is, again for every answer
 * @throws SopsError `generic`: `EOF`, `unexpected newline`, `expected newline`
 */
export async function askYesNo(host: CliHost, output: Output, question: string): Promise<boolean> {
  for (;;) {
    await output.data(question);
    const word = await readWord(host);
    if (word === 'y' || word === 'n') return word === 'y';
  }
}

async function readWord(host: CliHost): Promise<string> {
  let word = '';
  let isOver = false;
  for (;;) {
    const byte = await host.stdin.readByte();
    if (byte === undefined || byte === NEWLINE) {
      if (word !== '') return word;
      throw new SopsError('generic', byte === undefined ? 'EOF' : 'unexpected newline');
    }
    if (BLANKS.has(byte)) {
      isOver = word !== '';
      continue;
    }
    if (isOver) throw new SopsError('generic', 'expected newline');
    word += String.fromCharCode(byte);
  }
}
