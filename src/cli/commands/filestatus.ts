import { readEncrypted } from '../../core/document/file.ts';
import { SopsError } from '../../core/errors.ts';
import type { Format } from '../../core/formats/format.ts';
import { absolutePath, readInput } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import { findOptionalConfiguration } from '../configuration.ts';
import { SUCCESS } from '../exit-status.ts';
import { INPUT_TYPE } from '../flags/table.ts';
import { inputFormat } from '../formats.ts';
import { FatalError } from '../output.ts';

const NO_METADATA = 'sops metadata not found';

export const filestatusCommand: Command = {
  parameters: 'file',
  description: [
    'Prints {"encrypted":true} or {"encrypted":false}. No key is needed: only the metadata of the file are looked at.',
  ],
  examples: [{ command: 'filestatus secrets.yaml', description: 'is this file encrypted?' }],
  flags: [INPUT_TYPE],
  honours: [],
  async run(context) {
    const [name] = context.args;
    if (name === undefined) throw new SopsError('no-file', 'Error: no file specified');
    await findOptionalConfiguration(context);
    const isEncrypted = hasMetadata(context, name, inputFormat(context, name));
    await context.output.data(`${JSON.stringify({ encrypted: isEncrypted })}\n`);
    return SUCCESS;
  },
};

/** @throws FatalError where upstream's error carries no exit status: for everything but missing metadata */
function hasMetadata({ host }: CommandContext, name: string, format: Format): boolean {
  const failed = (reason: string): FatalError =>
    new FatalError(`cannot check file status: cannot load encrypted file: ${reason}`);
  try {
    const { metadata } = readEncrypted(readInput(absolutePath(host.cwd, name), name), format);
    return metadata.version !== '' && metadata.mac !== '';
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    if (error.message === NO_METADATA) return false;
    throw failed(error.message);
  }
}
