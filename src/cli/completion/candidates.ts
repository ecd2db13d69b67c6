/**
 * What a shell may offer next. The protocol is upstream's, so that scripts made by it work too: the program is called with the
 * words so far and `--generate-bash-completion`, and prints one candidate a line; with `_CLI_ZSH_AUTOCOMPLETE_HACK=1` as
 * `candidate:description`. No candidates: the shell offers files.
 */
import type { CommandEntry } from '../command.ts';
import { findCommand, isCommandGroup } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import { dashed, flagNames } from '../flags/flag.ts';
import { COMMON_FLAGS, GLOBAL_FLAGS } from '../flags/global.ts';
import { HELP } from '../flags/table.ts';
import type { Environment } from '../flags/values.ts';

interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** What is under the words so far: the flags that may follow, and the commands. */
interface Place {
  readonly flags: readonly Flag[];
  readonly commands: readonly CommandEntry[];
}

/**
 * @param words - the words before the completion flag; the last one is the prefix of a flag, or a whole word before the gap
 * @returns one line for each candidate
 */
export async function completionCandidates(
  words: readonly string[],
  commands: readonly CommandEntry[],
  env: Environment,
): Promise<string[]> {
  const last = words.at(-1) ?? '';
  // Behind it everything belongs to the command that is run, or is a file.
  if (words.slice(0, -1).includes('--')) return [];
  const isFlag = last.startsWith('-') && last !== '-' && last !== '--';
  const place = await findPlace(last.startsWith('-') ? words.slice(0, -1) : words, commands);
  const candidates = last.startsWith('-')
    ? flagCandidates(last, words, place.flags, isFlag)
    : place.commands.filter((entry) => entry.hidden !== true).flatMap(commandCandidates);
  const described = env['_CLI_ZSH_AUTOCOMPLETE_HACK'] === '1';
  return candidates.map(({ text, description }) => (described && description !== '' ? `${text}:${description}` : text));
}

async function findPlace(words: readonly string[], commands: readonly CommandEntry[]): Promise<Place> {
  let place: Place = { flags: GLOBAL_FLAGS, commands };
  for (let index = 0; index < words.length && place.commands.length > 0; index++) {
    const word = words[index] ?? '';
    if (word.startsWith('-')) {
      if (takesNextWord(word, place.flags)) index++;
      continue;
    }
    const command = await findCommand(place.commands, word)?.load();
    if (command === undefined) return { flags: place.flags, commands: [] };
    place = isCommandGroup(command)
      ? { flags: [HELP], commands: command.commands }
      : { flags: [...command.flags, ...COMMON_FLAGS], commands: [] };
  }
  return place;
}

function takesNextWord(word: string, flags: readonly Flag[]): boolean {
  const flag = findFlag(word, flags);
  return flag !== undefined && flag.type !== 'boolean';
}

/** One dash will do for a word too, two for a single letter are not what anybody means. */
function findFlag(word: string, flags: readonly Flag[]): Flag | undefined {
  return flags.find((flag) => flagNames(flag).some((name) => word === dashed(name) || word === `-${name}`));
}

function flagCandidates(last: string, words: readonly string[], flags: readonly Flag[], isFlag: boolean): Candidate[] {
  const exact = isFlag ? findFlag(last, flags) : undefined;
  if (exact !== undefined) {
    const values = exact.type === 'string' ? (exact.values ?? []) : [];
    return values.map((text) => ({ text, description: '' }));
  }
  const prefix = last.replace(/^--?/, '');
  const used = new Set(words);
  return flags
    .filter(
      (flag) =>
        flag.hidden !== true && (flag.type === 'list' || !flagNames(flag).some((name) => used.has(dashed(name)))),
    )
    .flatMap((flag) => flagNames(flag).map((name) => ({ name, text: dashed(name), description: flag.description })))
    .filter(({ name, text }) => name.startsWith(prefix) && !(last.startsWith('--') && text.length === 2));
}

function commandCandidates(entry: CommandEntry): Candidate[] {
  return [entry.name, ...(entry.aliases ?? [])].map((text) => ({ text, description: entry.summary }));
}
