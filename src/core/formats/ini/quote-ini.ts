/**
 * Names and values as gopkg.in/ini.v1 1.67.3 writes them (`file.go`), or, where that would not be read back, in quotes that are
 * (D14).
 */
import { SopsError } from '../../errors.ts';
import { trimmed } from './go-space.ts';
import { readKey } from './read-line.ts';
import { readsAs } from './value-shape.ts';

/** Text without quotes, comment characters, backslashes, line breaks and outer blanks. */
const SIMPLE_VALUE = /^[!$-&(-:<-[\]-_a-~](?:[ !$-&(-:<-[\]-_a-~]*[!$-&(-:<-[\]-_a-~])?$/;

/**
 * @param rest - the comment that follows on the line, if any: upstream takes the last quote of a line for the closing one
 * @throws SopsError `dump` for a value that no quotes can hold
 */
export function quoteValue(value: string, rest = ''): string {
  if (value === '' || SIMPLE_VALUE.test(value)) return value;
  const candidates = [upstreamQuotes(value), `\`${value}\``, `"""${value}"""`, `"${value}"`, `'${value}'`];
  const readable =
    candidates.find((text) => readsAs(text, value, 'encrypted', rest) && readsAs(text, value, 'plain', rest)) ??
    candidates.find((text) => readsAs(text, value, 'plain', rest));
  if (readable === undefined) {
    throw new SopsError(
      'dump',
      'Error marshaling to INI: an INI file cannot hold a value with such quotes and line breaks',
    );
  }
  return readable;
}

function upstreamQuotes(value: string): string {
  if (/[\n`]/.test(value)) return `"""${value}"""`;
  if (/[#;]/.test(value)) return `\`${value}\``;
  return trimmed(value) === value ? value : `"${value}"`;
}

const SIMPLE_KEY = /^[A-Za-z0-9_.]+(?:[-A-Za-z0-9_. ]*[-A-Za-z0-9_.])?$/;

/**
 * @param isFromIni - whether the key was read from an INI text, where quotes let it start like a comment or a section; a key from
 *   elsewhere that does is refused: upstream writes it without quotes and loses it (D44)
 * @throws SopsError `dump` for a key that would be read as another, or as no key
 */
export function quoteKey(key: string, isFromIni: boolean): string {
  if (SIMPLE_KEY.test(key)) return key;
  if (key === '') {
    throw new SopsError('dump', 'Error marshaling to INI: Error encoding key: error creating new key: empty key name');
  }
  const upstream = upstreamKeyQuotes(key);
  const hasMark = /^[#;[]/.test(key);
  const candidates = hasMark && !isFromIni ? [upstream] : [upstream, `\`${key}\``, `"${key}"`, `"""${key}"""`];
  const readable = candidates.find((text) => isReadAsKey(text, key));
  if (readable === undefined) {
    throw new SopsError('dump', 'Error marshaling to INI: an INI file cannot hold a key with such characters', {
      location: [key],
    });
  }
  return readable;
}

function upstreamKeyQuotes(key: string): string {
  if (/["=:]/.test(key)) return `\`${key}\``;
  return key.includes('`') ? `"""${key}"""` : key;
}

function isReadAsKey(text: string, key: string): boolean {
  if (text.includes('\n') || trimmed(text) !== text || /^[#;[]/.test(text)) return false;
  const line = `${text} = v`;
  try {
    const read = readKey(line, 0, line.length, 0);
    return read.key === key && !read.isNumbered && read.delimiter === text.length + 1;
  } catch {
    return false;
  }
}

/** A section's header line. @throws SopsError `dump` */
export function quoteSection(name: string): string {
  if (name === '') {
    throw new SopsError('dump', 'Error marshaling to INI: Error encoding section : empty section name');
  }
  if (name.includes('\n')) {
    throw new SopsError('dump', 'Error marshaling to INI: an INI file cannot hold a section name with a line break');
  }
  return `[${name}]`;
}
