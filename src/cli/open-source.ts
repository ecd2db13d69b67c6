import type { Environment, OpenFile } from '../core/document/file.ts';
import { openFile, readEncrypted } from '../core/document/file.ts';
import type { Format } from '../core/formats/format.ts';
import type { CommandContext } from './command.ts';
import { IGNORE_MAC } from './flags/table.ts';
import type { SourceFile } from './source.ts';

/**
 * Reads and decrypts an encrypted file that was read already; with `--ignore-mac` without its MAC.
 *
 * @throws SopsError
 */
export async function openSource(
  { flags, output }: CommandContext,
  { bytes }: SourceFile,
  format: Format,
  environment: Environment,
): Promise<OpenFile> {
  const encrypted = readEncrypted(bytes, format);
  const { groups, version } = encrypted.metadata;
  const keys = groups.reduce((count, group) => count + group.length, 0);
  await output.log({
    logger: 'SOPS',
    level: 'debug',
    message: `Decrypting a ${format.name} file of version ${version} with ${groups.length} group(s) and ${keys} key(s)`,
  });
  const opened = await openFile(encrypted, environment, { ignoreMac: flags.get(IGNORE_MAC) });
  await output.log({ logger: 'SOPS', level: 'info', message: 'Data key recovered successfully' });
  return opened;
}
