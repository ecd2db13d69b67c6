import { SopsError } from '../core/errors.ts';
import { quoted } from '../core/keys/quoted.ts';
import { absolutePath, isMissing } from '../node/files.ts';
import type { CommandContext } from './command.ts';
import { IN_PLACE, OUTPUT } from './flags/table.ts';

/** Warns of positional arguments that a command for one file does not use. Upstream: `main.go`. */
export async function warnOfExtraArguments({ args, output }: CommandContext): Promise<void> {
  const extra = args.slice(1);
  if (extra.length === 0) return;
  await output.warn('More than one positional argument provided. Only the first one will be used!');
  const flagLike = extra.findLast((arg) => arg.startsWith('-'));
  if (flagLike === undefined) return;
  await output.warn(
    `Note that one of the ignored positional argument is ${quoted(flagLike)}, which looks like a flag. ` +
      'Flags must always be provided before the first positional argument!',
  );
}

/** @throws SopsError `conflicting-parameters` for `--in-place` with `--output` */
export function checkOutputFlags({ flags }: CommandContext): void {
  if (flags.get(IN_PLACE) && flags.get(OUTPUT) !== '') {
    throw new SopsError('conflicting-parameters', 'Error: cannot operate on both --output and --in-place');
  }
}

/** The first argument as an absolute path. @throws SopsError `no-file` when there is none */
export function requireFile({ args, host }: CommandContext): string {
  const [file] = args;
  if (file === undefined) throw new SopsError('no-file', 'Error: no file specified');
  return absolutePath(host.cwd, file);
}

/** @throws SopsError `no-file` */
export function checkExists(file: string): void {
  if (!isMissing(file)) return;
  throw new SopsError('no-file', `Error: cannot operate on non-existent file ${quoted(file)}`);
}
