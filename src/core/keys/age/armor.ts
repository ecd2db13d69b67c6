/**
 * The ASCII armour of age files: strict PEM with 64-column lines. Source: age-encryption.org/v1 "ASCII armor", as
 * filippo.io/age 1.3.1 `armor` reads it.
 */

import { encodeBase64 } from '../../tree/base64.ts';
import { quoted } from '../quoted.ts';
import { base64Problem, decodePadded } from './age-base64.ts';
import { AgeError } from './age-error.ts';

const header = '-----BEGIN AGE ENCRYPTED FILE-----';
const footer = '-----END AGE ENCRYPTED FILE-----';
const columns = 64;
const maxWhitespace = 1024;

/** Encodes a binary age file, with a final newline. */
export function encodeArmor(file: Uint8Array): string {
  const base64 = encodeBase64(file);
  const lines = [header];
  for (let at = 0; at < base64.length; at += columns) lines.push(base64.slice(at, at + columns));
  lines.push(footer);
  return `${lines.join('\n')}\n`;
}

/** What an armoured text holds up to its end or its first fault. */
export interface Dearmored {
  readonly bytes: Uint8Array;
  /** Undefined when the armour is whole. A reader meets the fault only when it reads beyond the bytes, as upstream's does. */
  readonly fault: AgeError | undefined;
}

/** Decodes armour. Blank lines around it, CR LF and a missing final newline are fine. */
export function decodeArmor(text: string): Dearmored {
  const pieces: Uint8Array[] = [];
  const lines = new Lines(text);
  let fault: AgeError | undefined;
  try {
    skipToHeader(lines);
    for (;;) {
      const line = lines.next();
      if (line === footer) break;
      const piece = decodeLine(line);
      const isLast = piece.length < (columns / 4) * 3;
      const last = isLast ? lines.next() : footer;
      if (last !== footer) throw new AgeError(`invalid closing line: ${quoted(last)}`);
      pieces.push(piece);
      if (isLast) break;
    }
    checkTrailing(lines.rest());
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    fault = new AgeError(`invalid armor: ${error.message}`);
  }
  return { bytes: concat(pieces), fault };
}

function skipToHeader(lines: Lines): void {
  for (let whitespace = 0; ; ) {
    const line = lines.next();
    if (line === header) return;
    if (line.trim() !== '') throw new AgeError(`invalid first line: ${quoted(line)}`);
    whitespace += line.length + 1;
    if (whitespace > maxWhitespace) throw new AgeError('too much leading whitespace');
  }
}

function decodeLine(line: string): Uint8Array {
  if (line === '') throw new AgeError('empty line in armored data');
  if (line.length > columns) throw new AgeError('column limit exceeded');
  const piece = decodePadded(line);
  if (piece === undefined) throw new AgeError(base64Problem(line, true));
  return piece;
}

function checkTrailing(text: string): void {
  const tail = text.slice(0, maxWhitespace);
  if (tail.trim() !== '') throw new AgeError('trailing data after armored file');
  if (tail.length === maxWhitespace) throw new AgeError('too much trailing whitespace');
}

class Lines {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): string {
    if (this.#at >= this.#text.length) throw new AgeError('unexpected EOF');
    const found = this.#text.indexOf('\n', this.#at);
    const end = found < 0 ? this.#text.length : found;
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }
}

/** Joins byte arrays. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
