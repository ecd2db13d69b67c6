/**
 * JSON strings as Go's encoding/json reads and writes them: `<`, `>`, `&`, U+2028 and U+2029 are escaped, what is not Unicode
 * becomes U+FFFD; and other spellings of the same string, described by a note.
 *
 * A note says how a literal differs from Go's: letters for habits of other writers, `h` (no escapes for HTML's sake), `s` (`\/`),
 * `a` or `A` (everything beyond ASCII as `\uXXXX`, hexadecimal digits in lower or upper case), or else `x` and a list of
 * exceptions, each the number of UTF-16 units since the last one and a form: `r` raw, `e` short escape, `l` or `u` escape with
 * lower or upper case digits, `m` and a digit escape with the digits of that bit mask in upper case.
 */

const NEEDS_CARE = /["\\\u0000-\u001f<>&\u2028\u2029\ud800-\udfff]/;

const SHORT_ESCAPES = new Map<number, string>([
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x2f, '\\/'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
]);

/** The literal that Go's `json.Marshal` writes. */
export function quote(text: string): string {
  return NEEDS_CARE.test(text) ? quoteAs(text, PLAIN_HABITS) : `"${text}"`;
}

interface Habits {
  isHtmlRaw: boolean;
  isSlashEscaped: boolean;
  /** How what is not ASCII is escaped, if it is. */
  ascii: 'l' | 'u' | undefined;
}

const PLAIN_HABITS: Habits = { isHtmlRaw: false, isSlashEscaped: false, ascii: undefined };

function quoteAs(text: string, habits: Habits, exceptions?: Map<number, string>): string {
  const pieces: string[] = ['"'];
  let runStart = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const exception = exceptions?.get(i);
    const spelled = exception === undefined ? usualSpelling(unit, text, i, habits) : spellUnit(unit, exception);
    if (spelled === undefined) continue;
    pieces.push(text.slice(runStart, i), spelled);
    runStart = i + 1;
  }
  pieces.push(text.slice(runStart), '"');
  return pieces.join('');
}

/** Undefined for a character that stands for itself. */
function usualSpelling(unit: number, text: string, at: number, habits: Habits): string | undefined {
  if (unit >= 0xd800 && unit <= 0xdfff && !isPaired(text, at)) return '\\ufffd';
  if (unit === 0x2f) return habits.isSlashEscaped ? '\\/' : undefined;
  if (unit < 0x20 || unit === 0x22 || unit === 0x5c) return SHORT_ESCAPES.get(unit) ?? spellUnit(unit, 'l');
  if (unit === 0x3c || unit === 0x3e || unit === 0x26) return habits.isHtmlRaw ? undefined : spellUnit(unit, 'l');
  if (habits.ascii !== undefined && unit > 0x7e) return spellUnit(unit, habits.ascii);
  if (unit === 0x2028 || unit === 0x2029) return habits.isHtmlRaw ? undefined : spellUnit(unit, 'l');
  return undefined;
}

/** Whether the surrogate at `at` is half of a pair. */
function isPaired(text: string, at: number): boolean {
  const isHigh = (text.charCodeAt(at) & 0xfc00) === 0xd800;
  return (text.charCodeAt(isHigh ? at + 1 : at - 1) & 0xfc00) === (isHigh ? 0xdc00 : 0xd800);
}

function spellUnit(unit: number, form: string): string {
  if (form === 'r') return String.fromCharCode(unit);
  if (form === 'e') return SHORT_ESCAPES.get(unit) ?? '';
  const digits = unit.toString(16).padStart(4, '0');
  if (form === 'l') return `\\u${digits}`;
  if (form === 'u') return `\\u${digits.toUpperCase()}`;
  const mask = Number.parseInt(form.slice(1), 16);
  return `\\u${Array.from(digits, (digit, i) => ((mask >> (3 - i)) & 1 ? digit.toUpperCase() : digit)).join('')}`;
}

/**
 * Describes how `literal` spells `text` in another way than {@link quote}.
 *
 * @returns the note for {@link respell}; the empty text when it is Go's own spelling; undefined when no note can tell
 *   (an escape that is half a character)
 */
export function describeSpelling(literal: string, text: string): string | undefined {
  if (literal === quote(text)) return '';
  const habits = (/[<>&\u2028\u2029]/.test(literal) ? 'h' : '') + (literal.includes('\\/') ? 's' : '');
  const candidates = [habits];
  if (literal.includes('\\u')) candidates.push(`${habits}a`, `${habits}A`);
  for (const note of candidates) {
    if (note !== '' && respell(text, note) === literal) return note;
  }
  const note = listExceptions(literal, text);
  return note !== undefined && respell(text, note) === literal ? note : undefined;
}

/** Spells a text as a note says. Undefined when the note does not fit the text. */
export function respell(text: string, note: string): string | undefined {
  if (note.startsWith('x')) {
    const exceptions = readExceptions(text, note.slice(1));
    return exceptions && quoteAs(text, PLAIN_HABITS, exceptions);
  }
  if (!/^h?s?[aA]?$/.test(note)) return undefined;
  return quoteAs(text, {
    isHtmlRaw: note.includes('h'),
    isSlashEscaped: note.includes('s'),
    ascii: note.includes('a') ? 'l' : note.includes('A') ? 'u' : undefined,
  });
}

function listExceptions(literal: string, text: string): string | undefined {
  const pieces: string[] = ['x'];
  let last = 0;
  let at = 1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const { form, length } = formAt(literal, at);
    at += length;
    if (form === usualForm(unit, text, i)) continue;
    pieces.push(String(i - last), form);
    last = i;
  }
  return at === literal.length - 1 ? pieces.join('') : undefined;
}

function usualForm(unit: number, text: string, at: number): string {
  const spelled = usualSpelling(unit, text, at, PLAIN_HABITS);
  if (spelled === undefined) return 'r';
  return spelled.length === 2 ? 'e' : 'l';
}

function formAt(literal: string, at: number): { form: string; length: number } {
  if (literal[at] !== '\\') return { form: 'r', length: 1 };
  if (literal[at + 1] !== 'u') return { form: 'e', length: 2 };
  const digits = literal.slice(at + 2, at + 6);
  if (digits === digits.toLowerCase()) return { form: 'l', length: 6 };
  if (digits === digits.toUpperCase()) return { form: 'u', length: 6 };
  const mask = Array.from(digits).reduce((bits, digit) => (bits << 1) | (digit === digit.toLowerCase() ? 0 : 1), 0);
  return { form: `m${mask.toString(16)}`, length: 6 };
}

/** Undefined when an exception makes no sense for the text: the literal would be broken or say something else. */
function readExceptions(text: string, list: string): Map<number, string> | undefined {
  const exceptions = new Map<number, string>();
  let at = 0;
  let read = 0;
  for (const [all, gap, form = ''] of list.matchAll(/(\d+)(r|e|l|u|m[0-9a-f])/g)) {
    read += all.length;
    at += Number(gap);
    if (at >= text.length || exceptions.has(at)) return undefined;
    const unit = text.charCodeAt(at);
    const isPlain = unit >= 0x20 && unit !== 0x22 && unit !== 0x5c;
    if (form === 'r' && !isPlain) return undefined;
    if (form === 'e' && !SHORT_ESCAPES.has(unit)) return undefined;
    exceptions.set(at, form);
  }
  return read === list.length && !splitsPair(text, exceptions) ? exceptions : undefined;
}

/** Half of a surrogate pair can only be escaped together with the other half, and a lone one not at all. */
function splitsPair(text: string, exceptions: Map<number, string>): boolean {
  for (const at of exceptions.keys()) {
    const half = text.charCodeAt(at) & 0xfc00;
    if (half !== 0xd800 && half !== 0xdc00) continue;
    if (!isPaired(text, at) || !exceptions.has(half === 0xd800 ? at + 1 : at - 1)) return true;
  }
  return false;
}
