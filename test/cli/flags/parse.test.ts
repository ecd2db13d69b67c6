import { describe, expect, it } from 'vitest';
import type { BooleanFlag, IntegerFlag, ListFlag, StringFlag } from '../../../src/cli/flags/flag.ts';
import { parseArguments } from '../../../src/cli/flags/parse.ts';
import { FlagValues } from '../../../src/cli/flags/values.ts';

const base = { description: '', section: 'General', aliases: [] } as const;
const IN_PLACE: BooleanFlag = { ...base, type: 'boolean', name: 'in-place', aliases: ['i'], initial: false };
const LOCAL: BooleanFlag = { ...base, type: 'boolean', name: 'local', initial: true, env: 'LOCAL' };
const OUTPUT: StringFlag = { ...base, type: 'string', name: 'output', initial: '', placeholder: 'FILE' };
const AGE: StringFlag = {
  ...base,
  type: 'string',
  name: 'age',
  aliases: ['a'],
  initial: '',
  placeholder: 'X',
  env: 'AGE',
};
const COUNT: IntegerFlag = { ...base, type: 'integer', name: 'count', initial: 0, placeholder: 'N' };
const SERVICE: ListFlag = { ...base, type: 'list', name: 'service', placeholder: 'URI', env: 'SERVICE' };
const FLAGS = [IN_PLACE, LOCAL, OUTPUT, AGE, COUNT, SERVICE];

function parse(args: string[], env: Record<string, string> = {}) {
  const { occurrences, positionals } = parseArguments(args, FLAGS, { interspersed: true });
  const values = new FlagValues(FLAGS, env, occurrences);
  return {
    inPlace: values.get(IN_PLACE),
    local: values.get(LOCAL),
    output: values.get(OUTPUT),
    age: values.get(AGE),
    count: values.get(COUNT),
    service: values.get(SERVICE),
    args: positionals,
  };
}

const NOTHING = { inPlace: false, local: true, output: '', age: '', count: 0, service: [], args: [] };

describe('the syntax of flags', () => {
  it('takes one dash or two, for long and short names', () => {
    for (const spelling of ['-in-place', '--in-place', '-i', '--i']) {
      expect(parse([spelling, 'f'])).toEqual({ ...NOTHING, inPlace: true, args: ['f'] });
    }
  });

  it('takes a value from behind an equals sign, further equals signs included, or from the next word', () => {
    for (const args of [['--output=a=b'], ['-output=a=b'], ['--output', 'a=b'], ['-output', 'a=b']]) {
      expect(parse(args)).toEqual({ ...NOTHING, output: 'a=b' });
    }
  });

  it('takes the next word as the value even where it looks like a flag', () => {
    expect(parse(['--output', '-i', 'f'])).toEqual({ ...NOTHING, output: '-i', args: ['f'] });
    expect(parse(['--output', '--', 'f'])).toEqual({ ...NOTHING, output: '--', args: ['f'] });
    expect(parse(['--count', '-1'])).toEqual({ ...NOTHING, count: -1 });
  });

  it('takes an empty value', () => {
    expect(parse(['--age=', 'f'], { AGE: 'x' })).toEqual({ ...NOTHING, args: ['f'] });
    expect(parse(['--age', '', 'f'], { AGE: 'x' })).toEqual({ ...NOTHING, args: ['f'] });
  });

  it('does not combine short names', () => {
    expect(() => parse(['-ia', 'x'])).toThrow('flag provided but not defined: -ia');
  });

  it('gives a boolean flag a value only behind an equals sign', () => {
    for (const no of ['0', 'f', 'F', 'false', 'FALSE', 'False']) {
      expect(parse([`--local=${no}`, 'f'])).toEqual({ ...NOTHING, local: false, args: ['f'] });
    }
    for (const yes of ['1', 't', 'T', 'true', 'TRUE', 'True']) {
      expect(parse([`--in-place=${yes}`, 'f'])).toEqual({ ...NOTHING, inPlace: true, args: ['f'] });
    }
    expect(parse(['--local', 'false'])).toEqual({ ...NOTHING, args: ['false'] });
    for (const wrong of ['yes', 'no', 'on', 'TrUe', '2', '']) {
      expect(() => parse([`--in-place=${wrong}`])).toThrow(
        `invalid boolean value ${JSON.stringify(wrong)} for -in-place: parse error`,
      );
    }
  });

  it('reads integers as Go literals', () => {
    const literals: [string, number][] = [
      ['0x10', 16],
      ['0X1f', 31],
      ['0b1', 1],
      ['010', 8],
      ['0o10', 8],
      ['1_000', 1000],
      ['0x_f', 15],
      ['0_7', 7],
      ['+2', 2],
      ['-0x2', -2],
      ['00', 0],
    ];
    for (const [text, count] of literals) expect(parse(['--count', text])).toEqual({ ...NOTHING, count });
  });

  it('refuses what is no integer, and what does not fit 64 bits', () => {
    for (const text of ['x', '08', '', '1__0', '_1', '1_', '1.0', '0x', '1e3']) {
      expect(() => parse(['--count', text])).toThrow(
        `invalid value ${JSON.stringify(text)} for flag -count: parse error`,
      );
    }
    for (const text of ['9223372036854775808', '-9223372036854775809']) {
      expect(() => parse(['--count', text])).toThrow(`invalid value "${text}" for flag -count: value out of range`);
    }
  });

  it('lets the last of a repeated flag count, and keeps every value of a list', () => {
    expect(parse(['--age', 'x', '--age', 'y'])).toEqual({ ...NOTHING, age: 'y' });
    expect(parse(['--service', 'x,y', '--service', 'z'])).toEqual({ ...NOTHING, service: ['x,y', 'z'] });
  });

  it('refuses two spellings of one flag', () => {
    expect(() => parse(['--age', 'x', '-a', 'y'])).toThrow('Cannot use two forms of the same flag: a age');
    expect(() => parse(['-i', '--in-place=false'])).toThrow('Cannot use two forms of the same flag: i in-place');
    expect(parse(['-a', 'x', '--a', 'y'])).toEqual({ ...NOTHING, age: 'y' });
  });

  it('refuses three dashes, an empty name, and an unknown name', () => {
    for (const arg of ['---in-place', '--=x', '-=x', '---'])
      expect(() => parse([arg])).toThrow(`bad flag syntax: ${arg}`);
    expect(() => parse(['--frobnicate=1', 'f'])).toThrow('flag provided but not defined: -frobnicate');
  });
});

describe('flags and positional arguments', () => {
  it('ends the flags at --, and takes a lone dash and an empty word as arguments', () => {
    expect(parse(['-i', '--', '-i', '--age'])).toEqual({ ...NOTHING, inPlace: true, args: ['-i', '--age'] });
    expect(parse(['-', '', '-i'])).toEqual({ ...NOTHING, inPlace: true, args: ['-', ''] });
  });

  it('finds the flags of a command behind its arguments', () => {
    expect(parse(['f', '--output', 'o', '-i', 'g'])).toEqual({
      ...NOTHING,
      inPlace: true,
      output: 'o',
      args: ['f', 'g'],
    });
  });

  it('leaves the word behind a boolean flag alone (D21)', () => {
    expect(parse(['one', '-i', 'two'])).toEqual({ ...NOTHING, inPlace: true, args: ['one', 'two'] });
  });

  it('misses the value of a flag at the end, and does not take the file for it (D21)', () => {
    expect(() => parse(['f', '--output'])).toThrow('flag needs an argument: -output');
  });

  it('takes an unknown flag behind the first argument as one more argument', () => {
    expect(parse(['f', '--frobnicate', '-x=1'])).toEqual({ ...NOTHING, args: ['f', '--frobnicate', '-x=1'] });
  });

  it('keeps a known flag with three dashes a usage error there', () => {
    expect(() => parse(['f', '---in-place'])).toThrow('bad flag syntax: ---in-place');
  });

  it('stops at the first argument where flags may not follow', () => {
    const parsed = parseArguments(['-i', 'f', '-i', '--', '--nothing'], FLAGS, { interspersed: false });
    expect(parsed).toEqual({
      occurrences: [{ flag: IN_PLACE, text: 'true' }],
      positionals: ['f', '-i', '--', '--nothing'],
    });
  });
});

describe('defaults from the environment', () => {
  it('come from the variable where it exists, and give way to the flag', () => {
    expect(parse([], { AGE: 'x', LOCAL: 'f' })).toEqual({ ...NOTHING, age: 'x', local: false });
    expect(parse(['-a', 'y', '--local'], { AGE: 'x', LOCAL: 'f' })).toEqual({ ...NOTHING, age: 'y' });
  });

  it('are empty, false or one empty text for an empty variable', () => {
    expect(parse([], { AGE: '', LOCAL: '', SERVICE: '' })).toEqual({ ...NOTHING, local: false, service: [''] });
  });

  it('of a list are split at commas and trimmed, and replaced by the command line as a whole', () => {
    expect(parse([], { SERVICE: 'x , y' })).toEqual({ ...NOTHING, service: ['x', 'y'] });
    expect(parse(['--service', 'z,w'], { SERVICE: 'x' })).toEqual({ ...NOTHING, service: ['z,w'] });
  });

  it('must be booleans for boolean flags', () => {
    expect(() => parse([], { LOCAL: 'zz' })).toThrow(
      'could not parse zz as bool value for flag local: strconv.ParseBool: parsing "zz": invalid syntax',
    );
  });
});
