/** A point in time with the offset it was written with. Immutable. Upstream: Go's `time.Time` as the stores use it. */
export class Timestamp {
  /** RFC 3339 with up to nine digits of a second, trailing zeros dropped, `Z` for a zero offset (Go's RFC3339Nano). */
  readonly text: string;

  /** @param text - already in the canonical form; {@link parseTimestamp} makes it from any RFC 3339 text */
  constructor(text: string) {
    this.text = text;
  }
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads RFC 3339 as Go's `time.Parse` with that layout does: a capital `T` and `Z`, two-digit fields, a date that exists,
 * hour at most 23, second at most 59, a fraction of any length of which nine digits count.
 *
 * @returns undefined for any other text
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const isUtc = zone === 'Z' || zone.slice(1) === '00:00';
  if (!isUtc && (Number(zone.slice(1, 3)) > 23 || Number(zone.slice(4)) > 59)) return undefined;
  const digits = fraction.slice(0, 9).replace(/0+$/, '');
  const point = digits === '' ? '' : `.${digits}`;
  return new Timestamp(`${year}-${month}-${day}T${hour}:${minute}:${second}${point}${isUtc ? 'Z' : zone}`);
}

/** Whether the day exists in the proleptic Gregorian calendar. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}

/** The same moment without its fraction, as upstream writes `lastmodified` and `created_at` (layout RFC3339). */
export function withoutFraction(time: Timestamp): string {
  return time.text.replace(/\.\d+/, '');
}

/** The current style of new times in a file: UTC, whole seconds, `Z`. */
export function timeText(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
