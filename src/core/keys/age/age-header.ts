/**
 * The header of an age file: version line, stanzas, MAC. Source: age-encryption.org/v1 "Header"; checks and texts as
 * filippo.io/age 1.3.1 `internal/format` has them.
 */
import { quoted } from '../quoted.ts';
import { base64Problem, decodeUnpadded, encodeUnpadded } from './age-base64.ts';
import { AgeError } from './age-error.ts';
import { concat } from './armor.ts';

/** A recipient stanza, or a message of the plugin protocol. */
export interface Stanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  /** What the MAC is made over: the header up to and with the three dashes. */
  readonly authenticated: Uint8Array;
  /** Where the payload starts. */
  readonly length: number;
}

const intro = 'age-encryption.org/v1';
const columns = 64;
const bytesPerLine = (columns / 4) * 3;
const lineFeed = 10;

/** Writes a stanza with its body in 64-column lines, the last of which is shorter, if need be empty. */
export function encodeStanza(stanza: Stanza): string {
  const base64 = encodeUnpadded(stanza.body);
  const lines = [`-> ${[stanza.type, ...stanza.args].join(' ')}`];
  for (let at = 0; at <= base64.length; at += columns) lines.push(base64.slice(at, at + columns));
  return `${lines.join('\n')}\n`;
}

/** Writes what the MAC of a header is made over. */
export function encodeAuthenticated(stanzas: readonly Stanza[]): Uint8Array {
  return new TextEncoder().encode(`${intro}\n${stanzas.map(encodeStanza).join('')}---`);
}

/** Writes the closing line behind {@link encodeAuthenticated}. */
export function encodeHeader(authenticated: Uint8Array, mac: Uint8Array): Uint8Array {
  return concat([authenticated, new TextEncoder().encode(` ${encodeUnpadded(mac)}\n`)]);
}

/** Puts the lines of one stanza together. */
export class StanzaParser {
  #opening: { type: string; args: string[] } | undefined;
  #body: Uint8Array[] = [];

  /**
   * Takes a line without its line feed; gives the stanza that it ends, or undefined.
   *
   * @throws AgeError
   */
  push(line: string): Stanza | undefined {
    if (this.#opening === undefined) {
      this.#opening = parseOpening(line);
      return undefined;
    }
    const piece = parseBodyLine(line);
    this.#body.push(piece);
    if (piece.length === bytesPerLine) return undefined;
    const stanza = { ...this.#opening, body: concat(this.#body) };
    this.#opening = undefined;
    this.#body = [];
    return stanza;
  }
}

function parseOpening(line: string): { type: string; args: string[] } {
  if (!line.startsWith('->')) throw new AgeError(`malformed stanza opening line: ${quoted(`${line}\n`)}`);
  const [prefix, type, ...args] = line.split(' ');
  if (prefix !== '->' || type === undefined || ![type, ...args].every(isArgument)) {
    throw new AgeError(`malformed stanza: ${quoted(`${line}\n`)}`);
  }
  return { type, args };
}

function isArgument(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

function parseBodyLine(line: string): Uint8Array {
  const shown = (): string => quoted(`${line}\n`);
  const piece = decodeUnpadded(line);
  if (piece === undefined) {
    if (line.startsWith('---') || line.startsWith('->')) {
      throw new AgeError(`malformed body line ${shown()}: stanza ended without a short line`);
    }
    throw new AgeError(`parsing age header: malformed body line ${shown()}: ${base64Problem(line, false)}`);
  }
  if (piece.length > bytesPerLine) throw new AgeError(`parsing age header: malformed body line ${shown()}: too long`);
  return piece;
}

/**
 * Reads the header of a binary age file.
 *
 * @param fault - what is wrong behind the bytes; the end of the file when left out
 * @throws AgeError
 */
export function parseAgeHeader(file: Uint8Array, fault?: AgeError): AgeHeader {
  try {
    return parse(file, fault);
  } catch (error) {
    throw error instanceof AgeError ? new AgeError(`failed to read header: ${error.message}`) : error;
  }
}

function parse(file: Uint8Array, fault: AgeError | undefined): AgeHeader {
  const failed = (reason: string): AgeError => new AgeError(`parsing age header: ${reason}`);
  const atEnd = fault?.message ?? 'EOF';
  const decoder = new TextDecoder();
  let at = 0;
  const nextLine = (): string | undefined => {
    const end = file.indexOf(lineFeed, at);
    if (end < 0) return undefined;
    const line = decoder.decode(file.subarray(at, end));
    at = end + 1;
    return line;
  };

  const first = nextLine();
  if (first === undefined) {
    throw failed(fault === undefined ? 'file is empty' : `failed to read intro: ${fault.message}`);
  }
  if (first !== intro) throw failed(`unexpected intro: ${quoted(`${first}\n`)}`);

  const stanzas: Stanza[] = [];
  for (;;) {
    if (file.length - at < 3) throw failed(`failed to read header: ${atEnd}`);
    const start = at;
    if (decoder.decode(file.subarray(at, at + 3)) === '---') {
      const line = nextLine();
      if (line === undefined) throw new AgeError(`failed to read header: ${atEnd}`);
      const [prefix, mac, ...more] = line.split(' ');
      if (prefix !== '---' || mac === undefined || more.length > 0) {
        throw failed(`malformed closing line: ${quoted(`${line}\n`)}`);
      }
      const bytes = decodeUnpadded(mac);
      if (bytes?.length !== 32) throw failed(`malformed closing line ${quoted(`${line}\n`)}`);
      return { stanzas, mac: bytes, authenticated: file.subarray(0, start + 3), length: at };
    }
    stanzas.push(parseStanza(nextLine, atEnd));
  }
}

function parseStanza(nextLine: () => string | undefined, atEnd: string): Stanza {
  const parser = new StanzaParser();
  for (;;) {
    const line = nextLine();
    try {
      if (line === undefined) throw new AgeError(`failed to read line: ${atEnd}`);
      const stanza = parser.push(line);
      if (stanza !== undefined) return stanza;
    } catch (error) {
      throw error instanceof AgeError ? new AgeError(`failed to parse header: ${error.message}`) : error;
    }
  }
}
