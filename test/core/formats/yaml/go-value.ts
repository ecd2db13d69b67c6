import type { Value } from '../../../../src/core/tree/node.ts';
import { generalText } from '../../../../src/core/tree/scalar-text.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';

/** A value's type in Go's words and the text that Go prints, as the recorded files have them. */
export function goValue(value: Value): [type: string, text: string] {
  if (value === null) return ['nil', ''];
  switch (typeof value) {
    case 'string':
      return ['string', value];
    case 'boolean':
      return ['bool', String(value)];
    case 'number':
      return ['float64', generalText(value)];
    case 'bigint':
      return [BigInt.asIntN(64, value) === value ? 'int' : 'uint64', value.toString()];
    default:
      return value instanceof Timestamp ? ['time.Time', value.text] : ['string', new TextDecoder().decode(value)];
  }
}
