import { closeSync, openSync, writeSync } from 'node:fs';
import { kill, pid } from 'node:process';
import { isatty, ReadStream } from 'node:tty';
import { goErrorText } from '../go-errors.ts';

type Mode = 'secret' | 'line' | 'character';

/**
 * Asks on the terminal of the process, also when its standard streams lead elsewhere. The prompt disappears with the answer.
 * Source of the behaviour: filippo.io/age 1.3.1 `internal/term`.
 *
 * @throws Error whose message is the reason when there is no terminal
 */
export async function promptOnTerminal(text: string, mode: Mode, platform: string): Promise<string> {
  const terminal = openTerminal(platform);
  const input = new ReadStream(terminal.descriptor);
  let answer: string | undefined;
  try {
    // First, so that what somebody types at the sight of the prompt is not shown.
    input.setRawMode(true);
    writeSync(terminal.output, `${text} `);
    answer = await readAnswer(input, terminal.output, mode);
  } finally {
    close(input);
    // A new line works everywhere; where the terminal understands it, the line above goes away.
    writeSync(terminal.output, '\r\n\u001b[F\u001b[K');
    if (terminal.isOwn) closeQuietly(terminal.output);
  }
  if (answer !== undefined) return answer;
  // Raw mode took the interrupt key away from the terminal; now that it is restored, the key has its effect.
  kill(pid, 'SIGINT');
  throw new Error('user cancelled prompt');
}

interface Terminal {
  readonly descriptor: number;
  readonly output: number;
  /** Whether it was opened for this prompt. */
  readonly isOwn: boolean;
}

function openTerminal(platform: string): Terminal {
  try {
    if (platform === 'win32') {
      return { descriptor: openSync('\\\\.\\CONIN$', 'r+'), output: openSync('\\\\.\\CONOUT$', 'r+'), isOwn: true };
    }
    return { descriptor: openSync('/dev/tty', 'r+'), output: openSync('/dev/tty', 'r+'), isOwn: true };
  } catch (error) {
    if (isatty(0)) return { descriptor: 0, output: 0, isOwn: false };
    throw new Error(
      `standard input is not a terminal, and /dev/tty is not available: ${goErrorText('open', '/dev/tty', error)}`,
    );
  }
}

function close(input: ReadStream): void {
  if (input.destroyed) return;
  input.setRawMode(false);
  input.destroy();
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It was closed with the stream.
  }
}

/** Undefined when the interrupt key was pressed. */
function readAnswer(input: ReadStream, output: number, mode: Mode): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const show = (text: string): void => {
      if (mode === 'line') writeSync(output, text);
    };
    const finish = (settle: () => void): void => {
      input.off('data', onData);
      // At once: Bun would go on reading, and take what the next program is to read.
      close(input);
      settle();
    };
    const onData = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
        if (key === '\u0003') {
          finish(() => {
            resolve(undefined);
          });
          return;
        }
        if (mode === 'character') {
          finish(() => {
            resolve(key);
          });
          return;
        }
        if (key === '\r' || key === '\n') {
          finish(() => {
            resolve(answer);
          });
          return;
        }
        if (key === '\u0004') {
          if (answer !== '') continue;
          finish(() => {
            reject(new Error('EOF'));
          });
          return;
        }
        if (key === '\u007f' || key === '\b') {
          if (answer !== '') show('\b \b');
          answer = Array.from(answer).slice(0, -1).join('');
        } else if (key === '\u0015') {
          show('\b \b'.repeat(Array.from(answer).length));
          answer = '';
        } else {
          answer += key;
          show(key);
        }
      }
    };
    input.on('data', onData);
    input.on('error', reject);
    input.on('end', () => {
      reject(new Error('EOF'));
    });
  });
}
