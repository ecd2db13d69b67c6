/**
 * Arguments to flags, by the rules of Go's `flag` package as urfave/cli v1 uses it: `-name` and `--name`
 * are the same, booleans take no separate argument, short names do not combine, `--` ends the flags, a lone `-` is an
 * argument. Upstream: `flag.go` of Go's library, `command.go` of urfave/cli.
 *
 * Where upstream moves a command's flags in front of its arguments, this reads from left to right, so that a boolean flag
 * never takes the next word and a forgotten value never takes the file (D21).
 */
import { quoted } from '../../core/keys/quoted.ts';
import type { Flag } from './flag.ts';
import { flagNames } from './flag.ts';
import { parseBoolean, parseInteger } from './literal.ts';
import { UsageError } from './usage-error.ts';

/** One flag as it was given; `text` is its value before it was read, `true` for a boolean without one. */
export interface Occurrence {
  readonly flag: Flag;
  readonly text: string;
}

export interface ParsedArguments {
  readonly occurrences: readonly Occurrence[];
  readonly positionals: readonly string[];
}

export interface ParseOptions {
  /** Whether flags may follow the first positional argument, as they may for commands. */
  readonly interspersed: boolean;
}

/**
 * Splits arguments into flags and positional arguments. With `interspersed`, a word behind the first positional that
 * names no flag of these is one more positional.
 *
 * @throws UsageError
 */
export function parseArguments(
  args: readonly string[],
  flags: readonly Flag[],
  options: ParseOptions,
): ParsedArguments {
  const byName = new Map(flags.flatMap((flag) => flagNames(flag).map((name) => [name, flag] as const)));
  const occurrences: Occurrence[] = [];
  const positionals: string[] = [];
  const spellings = new Map<Flag, Set<string>>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      for (const rest of args.slice(index + 1)) positionals.push(rest);
      break;
    }
    if (!looksLikeFlag(arg) || (positionals.length > 0 && !byName.has(bareName(arg)))) {
      positionals.push(arg);
      if (options.interspersed) continue;
      for (const rest of args.slice(index + 1)) positionals.push(rest);
      break;
    }
    const { name, value } = splitFlag(arg);
    const flag = byName.get(name);
    if (flag === undefined) throw new UsageError(`flag provided but not defined: -${name}`, name);
    const takesNext = value === undefined && flag.type !== 'boolean';
    if (takesNext) index++;
    const text = value ?? (takesNext ? args[index] : 'true');
    if (text === undefined) throw new UsageError(`flag needs an argument: -${name}`);
    checkValue(flag, name, text);
    occurrences.push({ flag, text });
    spellings.set(flag, (spellings.get(flag) ?? new Set()).add(name));
  }
  checkSpellings(flags, spellings);
  return { occurrences, positionals };
}

function looksLikeFlag(arg: string): boolean {
  return arg.length >= 2 && arg.startsWith('-');
}

/** The name in a word behind the first positional; a third dash is dropped too, so that `---name` stays a usage error. */
function bareName(arg: string): string {
  const name = arg.replace(/^-{1,3}/, '');
  const equals = name.indexOf('=');
  return equals < 0 ? name : name.slice(0, equals);
}

function splitFlag(arg: string): { name: string; value: string | undefined } {
  const text = arg.slice(arg.startsWith('--') ? 2 : 1);
  if (text === '' || text.startsWith('-') || text.startsWith('=')) throw new UsageError(`bad flag syntax: ${arg}`);
  const equals = text.indexOf('=');
  return equals < 0 ? { name: text, value: undefined } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function checkValue(flag: Flag, name: string, text: string): void {
  if (flag.type === 'boolean' && parseBoolean(text) === undefined) {
    throw new UsageError(`invalid boolean value ${quoted(text)} for -${name}: parse error`);
  }
  if (flag.type !== 'integer') return;
  const value = parseInteger(text);
  if (typeof value === 'string') throw new UsageError(`invalid value ${quoted(text)} for flag -${name}: ${value}`);
}

function checkSpellings(flags: readonly Flag[], spellings: ReadonlyMap<Flag, ReadonlySet<string>>): void {
  for (const flag of flags) {
    const used = flagNames(flag).filter((name) => spellings.get(flag)?.has(name));
    if (used.length > 1) throw new UsageError(`Cannot use two forms of the same flag: ${used[1]} ${used[0]}`);
  }
}
