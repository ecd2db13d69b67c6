/** A question for `y` or `n`. The reading rules are those of Go's `fmt.Scanln`, which scripts that answer may rely on. */
import { SopsError } from '../core/errors.ts';

export interface Asking {
  /** One byte of the answers, nothing read ahead; undefined at the end. */
  readByte(): Promise<number | undefined>;
  /** Prints the question; nothing is added to it. */
  print(text: string): Promise<void>;
}

const LINE_FEED = 0x0a;

/**
 * Asks until the answer is `y` or `n`. A line is read up to its end and nothing beyond it, so that several questions share one
 * input.
 *
 * @throws SopsError `generic`: `EOF` when there are no answers left, `unexpected newline` for an empty line, `expected newline`
 * for one of several words
 */
export async function askYesOrNo(question: string, asking: Asking): Promise<boolean> {
  for (;;) {
    await asking.print(question);
    const answer = answerOf(await readLine(asking));
    if (answer === 'y' || answer === 'n') return answer === 'y';
  }
}

function answerOf(line: string | undefined): string {
  if (line === undefined) throw new SopsError('generic', 'EOF');
  const words = line.split(/[\t\v\f\r \x85\xa0]+/).filter((word) => word !== '');
  const [word] = words;
  if (word === undefined) throw new SopsError('generic', 'unexpected newline');
  if (words.length > 1) throw new SopsError('generic', 'expected newline');
  return word;
}

/** Bytes as code points: only `y` and `n` matter. Undefined when the input ends before a line does and nothing was read. */
async function readLine(asking: Asking): Promise<string | undefined> {
  let line = '';
  for (;;) {
    const byte = await asking.readByte();
    if (byte === undefined) return line === '' ? undefined : line;
    if (byte === LINE_FEED) return line;
    line += String.fromCharCode(byte);
  }
}
