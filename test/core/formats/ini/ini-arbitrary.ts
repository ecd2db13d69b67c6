import fc from 'fast-check';
import { iniFormat } from '../../../../src/core/formats/ini/ini-format.ts';
import { decodeText, encodeText } from '../../../../src/core/tree/utf8.ts';

const value = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['a', 'b c', 'é', '"q"', "'s'", '`t`', '"""tri"""', '"p#s"', "'c;d'", '`x;y`', 'a=b', '""', "''", '"  x "'],
      ...['one \\\n   two\\\n\tthree', 'one \\\n\n', '"""m\nn"""', '`m\r\n # n`', '\udcff', 'a"b', "it's", 'end\\'],
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
);
const key = fc.oneof(fc.constantFrom('a', 'key', 'b c', 'é', '`a=b`', '"k:x"', '-'), fc.string({ maxLength: 4 }));
const space = fc.constantFrom('', '', ' ', '  ', '\t');
const eol = fc.oneof({ weight: 9, arbitrary: fc.constant('\n') }, { weight: 1, arbitrary: fc.constant('\r\n') });
const inline = fc.constantFrom('', '', '', '; in', '# in', ' ; in', ';; two [x]');
const delimiter = fc.constantFrom('=', ':', '=');
const line = fc.oneof(
  fc.tuple(space, key, space, delimiter, space, value, space, inline, space).map((parts) => parts.join('')),
  fc
    .tuple(space, fc.constantFrom('[s]', '[t u]', '[DEFAULT]', '[s] ; c', '[x]y] # z', '[s];c'), space)
    .map((parts) => parts.join('')),
  fc.tuple(space, fc.constantFrom(';', '#', '; ', '# ', ';;', '##', '#;'), value, space).map((parts) => parts.join('')),
  space,
);

/** Lines as they come, most of the texts readable. */
export const iniLines: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.tuple(line, eol), { maxLength: 9 }), fc.boolean(), fc.boolean())
  .map(([lines, isCrlf, isCut]) => {
    let text = lines.map((parts) => parts.join('')).join('');
    if (isCrlf) text = text.replaceAll(/\r?\n/g, '\r\n');
    if (isCut) text = text.replace(/\r?\n$/, '');
    return decodeText(encodeText(text));
  });

/** INI texts in any layout, the last line ended or not. */
export const iniText: fc.Arbitrary<string> = iniLines.filter((text) => {
  try {
    iniFormat.parse(text, 'plain');
    return !text.includes('[sops]');
  } catch {
    return false;
  }
});
