import type { Value } from '../../tree/node.ts';
import { generalText } from '../../tree/scalar-text.ts';
import { Timestamp } from '../../tree/timestamp.ts';

/** Type and text of a key that is not a string, as Go prints them; undefined for a string. */
export function keyTypeOf(key: Value): { type: string; text: string } | undefined {
  if (key === null) return { type: '<nil>', text: '<nil>' };
  switch (typeof key) {
    case 'bigint':
      return { type: BigInt.asIntN(64, key) === key ? 'int' : 'uint64', text: key.toString() };
    case 'number':
      return { type: 'float64', text: generalText(key) };
    case 'boolean':
      return { type: 'bool', text: String(key) };
    case 'string':
      return undefined;
    default:
      return key instanceof Timestamp ? { type: 'time.Time', text: goTimeText(key.text) } : undefined;
  }
}

/** Go's `time.Time.String()`, from RFC 3339. */
function goTimeText(text: string): string {
  const [, date = '', time = '', zone = ''] = /^(.{10})T([\d:.]+)(.+)$/.exec(text) ?? [];
  if (zone === 'Z') return `${date} ${time} +0000 UTC`;
  const offset = zone.replace(':', '');
  return `${date} ${time} ${offset} ${offset}`;
}
