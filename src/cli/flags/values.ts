import { quoted } from '../../core/keys/quoted.ts';
import type { BooleanFlag, Flag, FlagValue, IntegerFlag, ListFlag, StringFlag } from './flag.ts';
import { flagNames } from './flag.ts';
import { parseBoolean, parseInteger } from './literal.ts';
import type { Occurrence } from './parse.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable whose value its flag cannot take. */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}

/** The values of a command's flags: from its command line, else from the environment, else their defaults. */
export class FlagValues {
  readonly #values = new Map<Flag, boolean | number | string | readonly string[]>();
  readonly #given = new Set<Flag>();

  /**
   * @param flags - the flags that the command takes
   * @param env - where defaults come from; an empty variable is an empty string, false, or a list of one empty string
   * @param occurrences - what was given, in order; those of other flags are passed over
   * @throws EnvironmentError for a variable that is no boolean or integer
   */
  constructor(flags: readonly Flag[], env: Environment, occurrences: readonly Occurrence[]) {
    const byName = new Map(flags.flatMap((flag) => flagNames(flag).map((name) => [name, flag] as const)));
    for (const flag of flags) this.#values.set(flag, defaultOf(flag, env));
    for (const occurrence of occurrences) {
      const flag = byName.get(occurrence.flag.name);
      if (flag === undefined) continue;
      this.#values.set(flag, this.#next(flag, occurrence.text));
      this.#given.add(flag);
    }
  }

  /** The value of a flag; its initial value where the command does not take it. */
  get(flag: BooleanFlag): boolean;
  get(flag: IntegerFlag): number;
  get(flag: StringFlag): string;
  get(flag: ListFlag): readonly string[];
  get(flag: Flag): FlagValue<Flag> {
    return this.#values.get(flag) ?? (flag.type === 'list' ? [] : flag.initial);
  }

  /** Whether the command takes the flag. */
  has(flag: Flag): boolean {
    return this.#values.has(flag);
  }

  /** Whether the command line has the flag. */
  isGiven(flag: Flag): boolean {
    return this.#given.has(flag);
  }

  #next(flag: Flag, text: string): boolean | number | string | readonly string[] {
    switch (flag.type) {
      case 'boolean':
        return parseBoolean(text) ?? flag.initial;
      case 'integer':
        return Number(parseInteger(text));
      case 'string':
        return text;
      case 'list':
        return this.#given.has(flag) ? [...this.get(flag), text] : [text];
    }
  }
}

function defaultOf(flag: Flag, env: Environment): boolean | number | string | readonly string[] {
  const text = flag.env === undefined ? undefined : env[flag.env];
  switch (flag.type) {
    case 'boolean':
      return text === undefined ? flag.initial : text !== '' && booleanOf(flag, text);
    case 'integer':
      return text === undefined ? flag.initial : integerOf(flag, text);
    case 'string':
      return text ?? flag.initial;
    case 'list':
      return text === undefined ? [] : text.split(',').map((part) => part.trim());
  }
}

function booleanOf(flag: BooleanFlag, text: string): boolean {
  const value = parseBoolean(text);
  if (value !== undefined) return value;
  throw new EnvironmentError(
    `could not parse ${text} as bool value for flag ${flag.name}: strconv.ParseBool: parsing ${quoted(text)}: invalid syntax`,
  );
}

function integerOf(flag: IntegerFlag, text: string): number {
  const value = parseInteger(text);
  if (typeof value === 'bigint') return Number(value);
  const reason = value === 'parse error' ? 'invalid syntax' : value;
  throw new EnvironmentError(
    `could not parse ${text} as int value for flag ${flag.name}: strconv.ParseInt: parsing ${quoted(text)}: ${reason}`,
  );
}
