import { SopsError } from '../core/errors.ts';
import type { Source } from '../core/formats/format.ts';
import { encodeText } from '../core/tree/utf8.ts';
import type { ReplaceOptions } from '../node/atomic-write.ts';
import { absolutePath, readInput } from '../node/files.ts';
import { goErrorText } from '../node/go-errors.ts';
import type { CommandContext } from './command.ts';
import { IN_PLACE, OUTPUT } from './flags/table.ts';

/** A file, or stdin, as it was read. */
export interface SourceFile {
  /** Absolute; undefined for stdin. */
  readonly file: string | undefined;
  readonly bytes: Uint8Array;
}

/**
 * @param file - absolute; undefined for stdin
 * @param name - what a message calls it
 * @throws SopsError `unreadable-input`
 */
export async function readSource(
  { host }: CommandContext,
  file: string | undefined,
  name: string | undefined = file,
): Promise<SourceFile> {
  if (file !== undefined && file !== '/dev/stdin') return { file, bytes: readInput(file, name) };
  try {
    return { file, bytes: await host.stdin.readAll() };
  } catch (error) {
    const reason = goErrorText('read', '/dev/stdin', error);
    throw new SopsError('unreadable-input', `Error reading from stdin: ${reason}`, { cause: error });
  }
}

/** What a result is. */
export interface ResultOptions {
  /** Clear text. */
  readonly isClear?: boolean | undefined;
}

/** Writes a result over its source with `--in-place`, else to `--output` or stdout. */
export async function writeResult(
  context: CommandContext,
  source: SourceFile,
  result: Source,
  options: ResultOptions = {},
): Promise<void> {
  const { flags, host, output } = context;
  const target = flags.get(OUTPUT);
  if (source.file !== undefined && flags.get(IN_PLACE))
    return writeInPlace(context, source, source.file, result, options);
  const bytes = bytesOf(result);
  if (target === '') return output.data(bytes);
  const openError = 'Could not open output file for writing: ';
  return replace(context, absolutePath(host.cwd, target), bytes, { openError, name: target, ...options });
}

/**
 * Writes a result over a file, unless that changed since it was read.
 *
 * @throws SopsError `unwritable-output`, `generic`
 */
export async function writeInPlace(
  context: CommandContext,
  source: SourceFile,
  file: string,
  result: Source,
  options: ResultOptions = {},
): Promise<void> {
  await replace(context, file, bytesOf(result), { expected: source.bytes, ...options });
  await context.output.log({ logger: 'CMD', level: 'info', message: 'File written successfully' });
}

/** The bytes of a text, or of what is bytes already. */
export function bytesOf(source: Source): Uint8Array {
  return typeof source === 'string' ? encodeText(source) : source;
}

/** Loaded when it is needed: what prints to stdout has no use for locks and renames. */
async function replace(
  { host }: CommandContext,
  file: string,
  bytes: Uint8Array,
  options: ReplaceOptions,
): Promise<void> {
  const { replaceFile } = await import('../node/atomic-write.ts');
  await replaceFile(file, bytes, { ...options, cleanup: host.exec.cleanup });
}
