import process from 'node:process';

/** Standard input byte by byte. */
export interface StandardInput {
  /** The next byte; undefined at the end, and after `close`. */
  readByte(): Promise<number | undefined>;
  /** Lets the process end although somebody may still write. */
  close(): void;
}

/**
 * Reads standard input without stopping anything else meanwhile: signals and connections are served while an answer is awaited. It
 * reads ahead, so a program that is run after it finds the rest gone.
 */
export function openStandardInput(): StandardInput {
  let chunks: AsyncIterator<Buffer> | undefined;
  let chunk: Uint8Array = new Uint8Array();
  let position = 0;
  let isClosed = false;
  return {
    async readByte() {
      while (position === chunk.length) {
        if (isClosed) return undefined;
        // Opened at the first question only: a server in the background must not touch the terminal.
        chunks ??= process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
        const next = await chunks.next();
        if (next.done) return undefined;
        chunk = next.value;
        position = 0;
      }
      return chunk[position++];
    },
    close() {
      isClosed = true;
      if (chunks !== undefined) process.stdin.destroy();
    },
  };
}
