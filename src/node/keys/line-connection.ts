import type { Readable, Writable } from 'node:stream';
import type { Connection } from './key-host.ts';

/** Text lines over a pair of streams. */
export function createConnectionOver(input: Readable, output: Writable, close: () => Promise<void>): Connection {
  // Write errors reach the caller through the callback of `write`; without a listener they would end the process.
  output.on('error', () => undefined);
  const chunks = input.setEncoding('latin1')[Symbol.asyncIterator]();
  let received = '';
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        output.write(text, 'latin1', (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    async readLine() {
      for (;;) {
        const end = received.indexOf('\n');
        if (end >= 0) {
          const line = received.slice(0, end);
          received = received.slice(end + 1);
          return line;
        }
        const next = (await chunks.next()) as IteratorResult<string, undefined>;
        if (next.done === true) return undefined;
        received += next.value;
      }
    },
    close,
  };
}
