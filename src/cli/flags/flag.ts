/** The headings under which help lists flags, in that order. */
export const FLAG_SECTIONS = [
  'Files and formats',
  'Keys',
  'Keys to add or remove',
  'What to encrypt',
  'Decryption',
  'Command to run',
  'Server',
  'Key services',
  'Old forms without a command',
  'General',
] as const;

export type FlagSection = (typeof FLAG_SECTIONS)[number];

interface FlagBase {
  /** The name that help shows first and values are kept under. */
  readonly name: string;
  /** Further spellings, shown behind the name. */
  readonly aliases: readonly string[];
  /** One line without a final period. */
  readonly description: string;
  readonly section: FlagSection;
  /** The environment variable that gives the flag its default. */
  readonly env?: string | undefined;
  /** Accepted, but shown nowhere. */
  readonly hidden?: boolean | undefined;
}

/** Takes no separate argument; `--flag=false` switches it off. */
export interface BooleanFlag extends FlagBase {
  readonly type: 'boolean';
  readonly initial: boolean;
}

/** Takes a Go integer literal. */
export interface IntegerFlag extends FlagBase {
  readonly type: 'integer';
  readonly initial: number;
  readonly placeholder: string;
}

/** Takes one text; the last one given counts. */
export interface StringFlag extends FlagBase {
  readonly type: 'string';
  readonly initial: string;
  readonly placeholder: string;
  /** The values that completion offers. */
  readonly values?: readonly string[] | undefined;
}

/** Takes a text each time it is given, and keeps all of them. */
export interface ListFlag extends FlagBase {
  readonly type: 'list';
  readonly placeholder: string;
}

export type Flag = BooleanFlag | IntegerFlag | StringFlag | ListFlag;

/** The type of a flag's value. */
export type FlagValue<F extends Flag> = F extends BooleanFlag
  ? boolean
  : F extends IntegerFlag
    ? number
    : F extends StringFlag
      ? string
      : readonly string[];

/** All spellings of a flag, its name first. */
export function flagNames(flag: Flag): readonly string[] {
  return [flag.name, ...flag.aliases];
}

/** A spelling with its dashes: one for a single letter, two for a word. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
