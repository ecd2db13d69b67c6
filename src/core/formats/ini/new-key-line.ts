/** The line of a key that is new in a section, in the style of the keys around it. */

import type { Entry } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import type { SectionSpan } from './ini-source.ts';
import { KeySpan } from './ini-source.ts';
import { byteLength, valueText } from './ini-writer.ts';
import { quoteKey, quoteValue } from './quote-ini.ts';

/** @param previous - the key that the new one follows. @throws SopsError `dump` */
export function newKeyLine(entry: Entry, form: Form, section: SectionSpan, previous: KeySpan | undefined): string {
  const key = quoteKey(entry.key, false);
  const value = quoteValue(valueText(entry, form));
  const model = previous ?? section.items.find((item) => item instanceof KeySpan);
  if (!(model instanceof KeySpan)) return `${key} = ${value}`;
  const { text } = section.source;
  const indent = text.slice(model.lineStart, model.keyStart);
  const written = text.slice(model.keyStart, model.delimiter);
  const name = written.trimEnd();
  const gap = written.length - name.length;
  section.isAligned ??= isAligned(section);
  const width = section.isAligned ? byteLength(name) + gap - 1 : 0;
  const padding = gap === 0 ? '' : ' '.repeat(Math.max(width - byteLength(key), 0) + 1);
  const behind =
    model.value.start === model.value.end
      ? ' '.repeat(gap === 0 ? 0 : 1)
      : text.slice(model.delimiter + 1, model.value.start);
  return `${indent}${key}${padding}${text[model.delimiter] ?? '='}${behind}${value}`;
}

/** Whether all delimiters of the section stand in one column. */
function isAligned({ items, source: { text } }: SectionSpan): boolean {
  const columns = new Set<number>();
  for (const item of items) {
    if (item instanceof KeySpan) columns.add(byteLength(text.slice(item.lineStart, item.delimiter)));
    if (columns.size > 1) return false;
  }
  return true;
}
