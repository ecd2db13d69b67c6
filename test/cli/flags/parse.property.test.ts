import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GLOBAL_FLAGS } from '../../../src/cli/flags/global.ts';
import { parseInteger } from '../../../src/cli/flags/literal.ts';
import { parseArguments } from '../../../src/cli/flags/parse.ts';
import { IN_PLACE, OUTPUT } from '../../../src/cli/flags/table.ts';

const FLAGS = [IN_PLACE, OUTPUT];
const word = fc.string({ unit: 'binary' });
const plainWord = word.filter((text) => !(text.length > 1 && text.startsWith('-')));

test('words behind -- are arguments, whatever they look like', () => {
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(parseArguments(['-i', '--', ...words], FLAGS, { interspersed: true })).toEqual({
        occurrences: [{ flag: IN_PLACE, text: 'true' }],
        positionals: words,
      });
    }),
  );
});

test('flags of a command mean the same wherever they stand between its arguments', () => {
  fc.assert(
    fc.property(fc.array(plainWord), fc.nat(), fc.nat(), word, (words, first, second, value) => {
      const args: string[] = [...words];
      args.splice(first % (args.length + 1), 0, '-i');
      const place = second % (args.length + 1);
      args.splice(place, 0, '--output', value);
      const { occurrences, positionals } = parseArguments(args, FLAGS, { interspersed: true });
      expect(positionals).toEqual(words);
      expect(occurrences.toSorted((a, b) => (a.flag.name < b.flag.name ? -1 : 1))).toEqual([
        { flag: IN_PLACE, text: 'true' },
        { flag: OUTPUT, text: value },
      ]);
    }),
  );
});

test('any arguments give flags and arguments, or a usage error of one of six kinds', () => {
  const names = GLOBAL_FLAGS.map(({ name }) => name);
  const argument = fc.oneof(
    word,
    fc
      .tuple(fc.constantFrom('-', '--', '---'), fc.constantFrom(...names), fc.constantFrom('', '=', '=1'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(argument), fc.boolean(), (args, interspersed) => {
      try {
        const { occurrences, positionals } = parseArguments(args, GLOBAL_FLAGS, { interspersed });
        expect(occurrences.length + positionals.length).toBeLessThanOrEqual(args.length);
      } catch (error) {
        expect(String(error)).toMatch(
          /^UsageError: (?:flag provided but not defined|flag needs an argument|bad flag syntax|invalid boolean value|invalid value|Cannot use two forms of the same flag)/,
        );
      }
    }),
  );
});

test('an integer reads back from each of its spellings', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const sign = value < 0n ? '-' : '+';
      const size = value < 0n ? -value : value;
      const spellings = [size.toString(), `0x${size.toString(16)}`, `0b${size.toString(2)}`, `0${size.toString(8)}`];
      expect(spellings.map((text) => parseInteger(sign + text))).toEqual(spellings.map(() => value));
    }),
  );
});
