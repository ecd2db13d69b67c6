import { fstatSync, read, readSync } from 'node:fs';
import type { ConnectOpts, SocketConstructorOpts } from 'node:net';
import { Socket } from 'node:net';
import process from 'node:process';

const LINE_FEED = 0x0a;
const STANDARD_INPUT = 0;

/**
 * Waits for a line on standard input and takes nothing that is behind it, so that a program that is run afterwards finds it.
 * Signals are served meanwhile. (Of a terminal, lines that were typed ahead may be lost.)
 *
 * @param signal - gives up waiting, so that nothing keeps the process from ending
 * @returns false at the end of the input, or when it gave up
 */
export function waitForLine(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (process.versions['bun'] !== undefined) return waitAside(signal);
  if (isPipe()) return waitForBytes(signal);
  return process.stdin.isTTY ? waitForTerminal(signal) : Promise.resolve(readLine());
}

function isPipe(): boolean {
  try {
    const status = fstatSync(STANDARD_INPUT);
    return status.isFIFO() || status.isSocket();
  } catch {
    return false;
  }
}

function waitForTerminal(signal: AbortSignal): Promise<boolean> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const finish = (isLine: boolean): void => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      signal.removeEventListener('abort', onEnd);
      // At once: the editor must not share the terminal with this process.
      stdin.pause();
      resolve(isLine);
    };
    // A terminal gives whole lines.
    const onData = (): void => {
      finish(true);
    };
    const onEnd = (): void => {
      finish(false);
    };
    stdin.on('data', onData);
    stdin.on('end', onEnd);
    signal.addEventListener('abort', onEnd);
  });
}

interface Pipe {
  readonly socket: Socket;
  take: (byte: number | undefined) => boolean;
}

let pipe: Pipe | undefined;

/** Reads a pipe byte by byte; the stream of the process would read ahead. */
function waitForBytes(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const opened = (pipe ??= openPipe());
    const { socket } = opened;
    const finish = (isLine: boolean): void => {
      signal.removeEventListener('abort', giveUp);
      opened.take = () => false;
      resolve(isLine);
    };
    const giveUp = (): void => {
      socket.destroy();
      finish(false);
    };
    if (socket.destroyed) {
      finish(false);
      return;
    }
    signal.addEventListener('abort', giveUp);
    opened.take = (byte) => {
      if (byte !== undefined && byte !== LINE_FEED) return true;
      finish(byte === LINE_FEED);
      return false;
    };
    socket.resume();
  });
}

function openPipe(): Pipe {
  const buffer = new Uint8Array(1);
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: STANDARD_INPUT,
    readable: true,
    writable: false,
    onread: { buffer, callback: () => opened.take(buffer[0]) || pause() },
  };
  const socket = new Socket(options);
  const opened: Pipe = { socket, take: () => false };
  const pause = (): boolean => {
    socket.pause();
    return false;
  };
  socket.on('end', () => opened.take(undefined));
  socket.on('error', () => opened.take(undefined));
  return opened;
}

/** Bun's streams read ahead. There a thread waits, which does not keep the process from ending as it would in Node. */
function waitAside(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const buffer = new Uint8Array(1);
    const finish = (isLine: boolean): void => {
      signal.removeEventListener('abort', giveUp);
      resolve(isLine);
    };
    const giveUp = (): void => {
      finish(false);
    };
    const next = (): void => {
      read(STANDARD_INPUT, buffer, 0, 1, null, (error, count) => {
        if (error?.code === 'EAGAIN') setTimeout(next, 5);
        else if (error || count === 0) finish(false);
        else if (buffer[0] === LINE_FEED) finish(true);
        else next();
      });
    };
    signal.addEventListener('abort', giveUp);
    next();
  });
}

/** A file, or nothing at all: reading does not block. */
function readLine(): boolean {
  const byte = new Uint8Array(1);
  try {
    while (readSync(STANDARD_INPUT, byte) === 1) if (byte[0] === LINE_FEED) return true;
  } catch {
    // Standard input may be closed, or a folder.
  }
  return false;
}
