import { isDate, Timestamp } from '../../tree/timestamp.ts';

const FORM = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads a timestamp in one of the forms that go-yaml v3 knows (`resolve.go`, `parseTimestamp`): a date; a date, blank and
 * time; or a date, `T` and time with a zone. Undefined for anything else, dates that do not exist included.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    separator = '',
    hour = '',
    minute = '',
    second = '',
    fraction = '',
    zone = '',
  ] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (separator !== '' && separator.startsWith(' ') !== (zone === '')) return undefined;
  const offset = zone === '' ? 'Z' : offsetText(zone);
  if (offset === undefined) return undefined;
  const two = (digits: string): string => digits.padStart(2, '0');
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  return new Timestamp(
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}` +
      `${nanoseconds === '' ? '' : `.${nanoseconds}`}${offset}`,
  );
}

/** The zone as Go writes it, undefined for one that it refuses. It takes 24 hours and 60 minutes. */
function offsetText(zone: string): string | undefined {
  if (zone === 'Z') return zone;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 24 || minutes > 60) return undefined;
  const total = hours * 60 + minutes;
  if (total === 0) return 'Z';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${zone.slice(0, 1)}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}
