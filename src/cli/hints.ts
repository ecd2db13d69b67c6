/** What to try next after a typing mistake, one line each. Loaded only for a terminal, where hints are shown. */
import { findSuggestion } from '../core/config/suggestion.ts';
import { quoted } from '../core/keys/quoted.ts';
import type { CommandEntry } from './command.ts';
import type { Flag } from './flags/flag.ts';
import { dashed, flagNames } from './flags/flag.ts';
import type { Occurrence } from './flags/parse.ts';

/** For a word that is no command of these. */
export function commandHint(word: string, commands: readonly CommandEntry[]): string | undefined {
  const suggestion = findSuggestion(
    word,
    commands.filter((entry) => entry.hidden !== true).map((entry) => entry.name),
  );
  return suggestion === undefined ? undefined : `${quoted(word)} is no command; did you mean ${quoted(suggestion)}?`;
}

/**
 * For a flag that is none of these.
 *
 * @param name - without its dashes
 * @param before - the flags that count when they stand before the command's name
 */
export function flagHint(name: string, flags: readonly Flag[], before: readonly Flag[]): string | undefined {
  if (before.some((flag) => flagNames(flag).includes(name))) return `${dashed(name)} stands before the command's name`;
  const names = flags.filter((flag) => flag.hidden !== true).flatMap(flagNames);
  const letters = name.match(/./gu) ?? [];
  if (letters.length > 1 && letters.every((letter) => names.includes(letter))) {
    return `letters do not combine; did you mean ${letters.map(dashed).join(' ')}?`;
  }
  const suggestion = findSuggestion(
    name,
    names.filter((candidate) => candidate.length > 1),
  );
  return suggestion === undefined ? undefined : `did you mean ${dashed(suggestion)}?`;
}

/** For values that their flags do not know: like upstream, commands pass over them. */
export function valueHints(occurrences: readonly Occurrence[]): string[] {
  return occurrences.flatMap(({ flag, text }) => {
    const values = flag.type === 'string' ? (flag.values ?? []) : [];
    if (values.length === 0 || text === '' || values.includes(text)) return [];
    return [`${dashed(flag.name)} ${quoted(text)} is ignored: it takes ${list(values)}`];
  });
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
