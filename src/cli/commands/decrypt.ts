import type { EmitSettings, OpenFile } from '../../core/document/file.ts';
import { emitPart, emitPlain } from '../../core/document/file.ts';
import { prefixed, SopsError } from '../../core/errors.ts';
import type { Format, Source } from '../../core/formats/format.ts';
import { formatOfPath } from '../../core/formats/formats.ts';
import { extract } from '../../core/tree/extract.ts';
import type { KeyPath } from '../../core/tree/key-path.ts';
import { parseKeyPath } from '../../core/tree/key-path.ts';
import { absolutePath } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findOptionalConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { withDumpPrefix } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, inputFormat, namingPath, outputFormat } from '../formats.ts';
import { openSource } from '../open-source.ts';
import { checkExists, checkOutputFlags, warnOfExtraArguments } from '../positionals.ts';
import type { SourceFile } from '../source.ts';
import { readSource, writeResult } from '../source.ts';

export const decryptCommand: Command = {
  parameters: '[file]',
  description: [
    'Decrypts a file, checks that nobody changed it (its MAC), and prints it. Without a file it reads stdin; then --filename-override or --input-type and --output-type tell the format.',
  ],
  examples: [
    { command: 'decrypt secrets.yaml', description: 'print a file in clear' },
    { command: 'decrypt -i secrets.yaml', description: 'replace it by its clear text' },
    { command: `decrypt --extract '["db"]["password"]' secrets.yaml`, description: 'print one value' },
    { command: 'decrypt --output-type json secrets.yaml', description: 'print it as JSON' },
    { command: 'decrypt --filename-override s.yaml < s.enc', description: 'read stdin as YAML' },
  ],
  flags: [
    flags.IN_PLACE,
    flags.OUTPUT,
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.FILENAME_OVERRIDE,
    flags.EXTRACT,
    flags.IGNORE_MAC,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const [name] = context.args;
    if (name === undefined && context.flags.get(flags.IN_PLACE)) {
      throw new SopsError('conflicting-parameters', 'Error: cannot use --in-place when reading from stdin');
    }
    await warnOfExtraArguments(context);
    checkOutputFlags(context);
    const file = name === undefined ? undefined : absolutePath(context.host.cwd, name);
    if (file !== undefined) checkExists(file);
    const { source, result } = await decrypt(context, file, await findOptionalConfiguration(context));
    await writeResult(context, source, result, { isClear: true });
    return SUCCESS;
  },
};

/**
 * Decrypts a file, or stdin: the whole of it, or what `--extract` names.
 *
 * @param name - what a message calls the file
 * @throws SopsError
 */
export async function decrypt(
  context: CommandContext,
  file: string | undefined,
  { config }: Configuration,
  name: string | undefined = file,
): Promise<{ source: SourceFile; result: Source }> {
  const path = namingPath(context, file);
  const format = outputFormat(context, path);
  const environment = await documentEnvironment(context);
  const keyPath = readExtractPath(context.flags.get(flags.EXTRACT));
  const source = await readSource(context, file, name);
  const opened = await openSource(context, source, inputFormat(context, path), environment);
  const settings = (): EmitSettings => {
    const given = emitSettings(context, format, config.stores);
    // JSON text is YAML too: a file that is named for JSON and read and asked for as YAML is to be converted.
    const isConversion = format === opened.format && isNamedForAnother(path, format);
    return isConversion ? { ...given, indent: given.indent ?? given.defaultIndent } : given;
  };
  return {
    source,
    result: keyPath.length === 0 ? wholeText(opened, format, settings) : part(opened, keyPath, format, settings),
  };
}

function isNamedForAnother(path: string, format: Format): boolean {
  const named = formatOfPath(path);
  return named.name !== 'binary' && named !== format;
}

function readExtractPath(text: string): KeyPath {
  try {
    return parseKeyPath(text);
  } catch (error) {
    throw prefixed('error parsing --extract path: ', error);
  }
}

function wholeText(opened: OpenFile, format: Format, settings: () => EmitSettings): Source {
  try {
    return withDumpPrefix('Error dumping file: ', () => emitPlain(opened, format, settings()));
  } catch (error) {
    if (format.name !== 'binary' || !(error instanceof SopsError)) throw error;
    throw new SopsError(
      error.code,
      `${error.message}\n\nThis is likely not an encrypted binary file? If not, use --output-type to select the correct output type.`,
      { cause: error },
    );
  }
}

/** A mapping is printed as a document of its own; later documents of the file stay out (D17). */
function part(opened: OpenFile, path: KeyPath, format: Format, settings: () => EmitSettings): Source {
  const node = extractNode(opened, path);
  const prefix = node.kind === 'map' ? 'Error dumping file: ' : 'Error dumping tree: ';
  return withDumpPrefix(prefix, () => emitPart(node, format, settings));
}

function extractNode(opened: OpenFile, path: KeyPath): ReturnType<typeof extract> {
  try {
    return extract(opened.tree.documents[0] ?? { kind: 'map', items: [] }, path);
  } catch (error) {
    throw prefixed('error truncating tree: ', error);
  }
}
