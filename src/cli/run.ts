/**
 * The command line from arguments to exit status. Only this turns an error into output: a known one into its message, a
 * hint and the exit status; an unknown one is rethrown, so that a bug shows its stack.
 */
import { hinted, SopsError } from '../core/errors.ts';
import type { Command, CommandEntry, CommandGroup } from './command.ts';
import { findCommand, isCommandGroup } from './command.ts';
import { COMMANDS } from './commands/registry.ts';
import { exitStatus, FAILURE, SUCCESS } from './exit-status.ts';
import { dashed } from './flags/flag.ts';
import { ALWAYS_HONOURED, COMMON_FLAGS, GLOBAL_FLAGS } from './flags/global.ts';
import type { Occurrence } from './flags/parse.ts';
import { HELP, MODE_FLAGS, VERBOSE, VERSION } from './flags/table.ts';
import { EnvironmentError, FlagValues } from './flags/values.ts';
import type { CliHost } from './host.ts';
import { FatalError, Output, SilentExit } from './output.ts';
import { parseOrExplain } from './parse-or-explain.ts';
import { versionLine } from './version.ts';

/** The last argument of a shell that asks for completions. */
const COMPLETION_FLAG = '--generate-bash-completion';

interface Session {
  readonly host: CliHost;
  readonly output: Output;
  readonly globals: FlagValues;
  /** The flags that were written before the command's name. */
  readonly given: readonly Occurrence[];
}

/**
 * Runs one command line.
 *
 * @param argv - the arguments behind the program's name
 * @returns the exit status
 * @throws whatever is not meant to happen
 */
export async function run(argv: readonly string[], host: CliHost): Promise<number> {
  const output = new Output(host);
  try {
    return await dispatch(argv, host, output);
  } catch (error) {
    return report(error, output);
  }
}

async function dispatch(argv: readonly string[], host: CliHost, output: Output): Promise<number> {
  if (argv.at(-1) === COMPLETION_FLAG) {
    const { completionCandidates } = await import('./completion/candidates.ts');
    const lines = await completionCandidates(argv.slice(0, -1), COMMANDS, host.env);
    await output.data(lines.map((line) => `${line}\n`).join(''));
    return SUCCESS;
  }
  // Upstream reads the variables of its flags first, so that a malformed one ends even `--version`.
  new FlagValues(GLOBAL_FLAGS, host.env, []);
  const parsed = await parseOrExplain(argv, output, {
    flags: GLOBAL_FLAGS,
    before: [],
    interspersed: false,
    complaint: 'Incorrect Usage.',
    help: programHelpText,
  });
  const globals = new FlagValues(GLOBAL_FLAGS, host.env, parsed.occurrences);
  output.verbose = globals.get(VERBOSE);
  if (globals.get(HELP)) return print(output, await programHelpText());
  if (globals.get(VERSION)) return print(output, `${versionLine()}\n`);
  const session: Session = { host, output, globals, given: parsed.occurrences };
  const [name, ...rest] = parsed.positionals;
  const entry = name === undefined ? undefined : findCommand(COMMANDS, name);
  if (entry !== undefined) return runEntry(session, entry, [entry.name], rest, COMMANDS);
  await hintAtValues(output, parsed.occurrences);
  try {
    const { runWithoutCommand } = await import('./commands/without-command.ts');
    return await runWithoutCommand({
      host,
      output,
      flags: globals,
      globals,
      args: parsed.positionals,
      commands: COMMANDS,
    });
  } catch (error) {
    if (!(error instanceof SopsError) || MODE_FLAGS.some((flag) => globals.isGiven(flag))) throw error;
    throw hinted(error, await hintAtCommand(session, name));
  }
}

/** A word without a dot or a slash may have been meant for a command rather than for a file to edit that is not there. */
async function hintAtCommand({ host, output }: Session, word: string | undefined): Promise<string | undefined> {
  if (!output.hasHints || word === undefined || !/^[\w-]+$/.test(word)) return undefined;
  const { isMissing, absolutePath } = await import('../node/files.ts');
  if (!isMissing(absolutePath(host.cwd, word))) return undefined;
  return (await import('./hints.ts')).commandHint(word, COMMANDS);
}

async function hintAtValues(output: Output, occurrences: readonly Occurrence[]): Promise<void> {
  if (!output.hasHints || occurrences.length === 0) return;
  const { valueHints } = await import('./hints.ts');
  for (const hint of valueHints(occurrences)) await output.hint(hint);
}

async function runEntry(
  session: Session,
  entry: CommandEntry,
  path: readonly string[],
  args: readonly string[],
  siblings: readonly CommandEntry[],
): Promise<number> {
  const command = await entry.load();
  const help = async (): Promise<string> => (await import('./help/command-help.ts')).commandHelp(path, entry, command);
  return isCommandGroup(command)
    ? runGroup(session, command, path, args, help)
    : runCommand(session, command, path, args, help, siblings);
}

async function runCommand(
  session: Session,
  command: Command,
  path: readonly string[],
  args: readonly string[],
  help: () => Promise<string>,
  siblings: readonly CommandEntry[],
): Promise<number> {
  const { host, output, globals, given } = session;
  const accepted = [...command.flags, ...COMMON_FLAGS];
  const parsed = await parseOrExplain(args, output, {
    flags: accepted,
    before: [...command.honours, ...ALWAYS_HONOURED],
    interspersed: true,
    complaint: 'Incorrect Usage:',
    help,
  });
  const flags = new FlagValues(accepted, host.env, [...given, ...parsed.occurrences]);
  if (flags.get(HELP)) return print(output, await help());
  if (flags.get(VERBOSE)) output.verbose = true;
  await warnOfUnusedFlags(session, command, path);
  await hintAtValues(
    output,
    [...given, ...parsed.occurrences].filter(({ flag }) => flags.has(flag)),
  );
  return command.run({ host, output, flags, globals, args: parsed.positionals, commands: siblings });
}

async function runGroup(
  session: Session,
  group: CommandGroup,
  path: readonly string[],
  args: readonly string[],
  help: () => Promise<string>,
): Promise<number> {
  const { host, output } = session;
  const parsed = await parseOrExplain(args, output, {
    flags: [HELP],
    before: [],
    interspersed: false,
    complaint: 'Incorrect Usage.',
    help,
  });
  const [name, ...rest] = parsed.positionals;
  if (new FlagValues([HELP], host.env, parsed.occurrences).get(HELP) || name === undefined) {
    return print(output, await help());
  }
  const entry = findCommand(group.commands, name);
  if (entry !== undefined) return runEntry(session, entry, [...path, entry.name], rest, group.commands);
  if (name === 'help' || name === 'h') {
    const { showHelp } = await import('./commands/help.ts');
    return showHelp(output, rest, group.commands, path, help);
  }
  const { unknownTopic } = await import('./commands/help.ts');
  return unknownTopic(output, name, group.commands);
}

/** Upstream drops such flags without a word; they are still no error here, since scripts have them. */
async function warnOfUnusedFlags(session: Session, command: Command, path: readonly string[]): Promise<void> {
  const names = new Set(command.flags.map((flag) => flag.name));
  for (const { flag } of session.given) {
    if (names.has(flag.name) || ALWAYS_HONOURED.has(flag) || command.honours.includes(flag)) continue;
    await session.output.warn(`${dashed(flag.name)} has no effect on ${path.join(' ')} and is ignored`);
  }
}

async function programHelpText(): Promise<string> {
  return (await import('./help/command-help.ts')).programHelp(COMMANDS);
}

async function print(output: Output, text: string): Promise<number> {
  await output.data(text);
  return SUCCESS;
}

async function report(error: unknown, output: Output): Promise<number> {
  if (error instanceof SilentExit) return error.status;
  if (error instanceof SopsError) {
    await output.error(error);
    return exitStatus(error.code);
  }
  if (error instanceof FatalError || error instanceof EnvironmentError) {
    const logger = error instanceof FatalError ? error.logger : 'CMD';
    await output.log({ logger, level: 'fatal', message: error.message });
    if (error instanceof FatalError) await output.hint(error.hint);
    return FAILURE;
  }
  throw error;
}
