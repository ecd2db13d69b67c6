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
    const answer = await readAnswer(asking);
    if (answer === 'y' || answer === 'n') return answer === 'y';
  }
}

async function readAnswer(asking: Asking): Promise<string> {
  const bytes: number[] = [];
  let byte = await asking.readByte();
  while (byte !== undefined && byte !== LINE_FEED) {
    bytes.push(byte);
    byte = await asking.readByte();
  }
  const line = new TextDecoder().decode(Uint8Array.from(bytes));
  const [word, ...others] = line.split(/\s+/).filter((part) => part !== '');
  if (word === undefined) throw new SopsError('generic', byte === undefined ? 'EOF' : 'unexpected newline');
  if (others.length > 0) throw new SopsError('generic', 'expected newline');
  return word;
}
