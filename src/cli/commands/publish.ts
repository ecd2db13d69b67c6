/** Upstream: `cmd/sops/subcommand/publish/publish.go`. */
import type { Config } from '../../core/config/config.ts';
import type { CreationSettings } from '../../core/config/creation-rule.ts';
import type { Destination, DestinationSettings } from '../../core/config/destination-rule.ts';
import { findDestinationRule, settingsOfDestinationRule } from '../../core/config/destination-rule.ts';
import { configuredIndent, effectiveIndent } from '../../core/config/store-settings.ts';
import type { EncryptedFile, Environment } from '../../core/document/file.ts';
import { openFile, readEncrypted } from '../../core/document/file.ts';
import { SopsError } from '../../core/errors.ts';
import type { Source } from '../../core/formats/format.ts';
import { formatOfPath } from '../../core/formats/formats.ts';
import { absolutePath, fileKind, readInput } from '../../node/files.ts';
import { destinationName, destinationText } from '../../node/publish/destination-text.ts';
import { recreateFile } from '../../node/publish/recreate-file.ts';
import { filesBelow } from '../../node/publish/source-files.ts';
import { vaultData } from '../../node/publish/vault-data.ts';
import { vaultSecret } from '../../node/publish/vault-secret.ts';
import type { Command, CommandContext } from '../command.ts';
import { findConfigPath, readConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { MARSHAL_PREFIX, withDumpPrefixAsync } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { groupChanges, haveKeysChanged } from '../group-changes.ts';
import { FatalError } from '../output.ts';
import { warnOfExtraArguments } from '../positionals.ts';
import { askYesOrNo } from '../question.ts';

export const publishCommand: Command = {
  parameters: 'file',
  description: [
    "Puts an encrypted file, or with --recursive every file of a folder, where the first of the configuration's destination_rules says whose path_regex matches the path as given.",
    "A Vault key-value store gets the decrypted values. S3 and Google Cloud Storage get the encrypted file, encrypted anew when the rule's recreation_rule has keys; this release prepares such files but does not upload them yet.",
    'Each upload is asked for, unless -y is given.',
  ],
  examples: [
    { command: 'publish secrets/app.yaml', description: 'publish one file' },
    { command: 'publish -y --recursive secrets/', description: 'publish a folder without questions' },
  ],
  flags: [flags.YES, flags.OMIT_EXTENSIONS, flags.RECURSIVE, flags.DECRYPTION_ORDER, ...flags.KEYSERVICE_FLAGS],
  honours: [],
  variables: [
    ['VAULT_ADDR', 'the Vault server of rules that name none'],
    ['VAULT_TOKEN', 'the token for Vault; else ~/.vault-token'],
    ['VAULT_NAMESPACE, VAULT_CACERT, VAULT_CLIENT_CERT, ...', "as in Vault's own tools"],
  ],
  async run(context) {
    const configPath = await findConfigPath(context);
    if (configPath === undefined) throw new SopsError('generic', 'config file not found');
    const [path] = context.args;
    if (path === undefined) throw new SopsError('no-file', 'Error: no file specified');
    await warnOfExtraArguments(context);
    const { root, files } = listFiles(context, path);
    const environment = await documentEnvironment(context);
    const { config } = await readConfiguration(context, configPath);
    for (const file of files) await publishFile(context, config, environment, file, root);
    return SUCCESS;
  },
};

/** The files to publish; `root` is the folder that they are below. */
function listFiles(
  { host, flags: given }: CommandContext,
  path: string,
): { root: string | undefined; files: readonly string[] } {
  const locate = (relative: string): string => absolutePath(host.cwd, relative);
  if (fileKind(locate(path), path) !== 'folder') return { root: undefined, files: [path] };
  if (!given.get(flags.RECURSIVE)) throw new FatalError("can't operate on a directory without --recursive flag.");
  return { root: path, files: filesBelow(path, locate) };
}

/** Unlike the other commands that decrypt, upstream's publish does not look at the version. */
const ANY_VERSION = { isVersionChecked: false };

/** What is uploaded once the user agrees. */
interface Publication {
  readonly destination: Destination;
  readonly name: string;
  /** The file for S3 and GCS, the data as JSON for Vault. */
  readonly content: Source;
}

async function publishFile(
  context: CommandContext,
  config: Config,
  environment: Environment,
  path: string,
  root: string | undefined,
): Promise<void> {
  const { host, output } = context;
  const rule = await findDestinationRule(config, path);
  const settings = await settingsOfDestinationRule(rule, { now: host.now() });
  const { destination } = settings;
  if (destination === undefined) throw new SopsError('generic', 'no destination configured for this file');
  const omitsExtension = context.flags.get(flags.OMIT_EXTENSIONS) || settings.omitExtensions;
  const file = absolutePath(host.cwd, path);
  const name = destinationName(root === undefined ? file : path, root, omitsExtension);
  const content = await prepare(context, config, environment, path, settings);
  if (await isAgreed(context, file, destinationText(destination, name, host.env))) {
    return upload(context, { destination, name, content });
  }
  const message = `Publication of ${file} canceled`;
  if (root === undefined) throw new SopsError('generic', message);
  await output.data(`${message}\n`);
}

/** What the destination gets: everything that can fail without the network has been done then. */
async function prepare(
  context: CommandContext,
  config: Config,
  environment: Environment,
  path: string,
  { destination, recreates, recreation }: DestinationSettings,
): Promise<Source> {
  const source = readInput(absolutePath(context.host.cwd, path), path);
  const encrypted = readEncrypted(source, formatOfPath(path));
  if (destination?.kind === 'vault') return vaultData((await openFile(encrypted, environment, ANY_VERSION)).tree);
  return recreates ? encryptAnew(context, config, environment, encrypted, recreation) : source;
}

/** Shows how the keys change before it encrypts. */
async function encryptAnew(
  { output }: CommandContext,
  config: Config,
  environment: Environment,
  encrypted: EncryptedFile,
  rule: CreationSettings,
): Promise<Source> {
  const { format, metadata } = encrypted;
  const opened = await openFile(encrypted, environment, ANY_VERSION);
  if (haveKeysChanged(metadata.groups, rule.keyGroups)) {
    await output.data("The following changes will be made to the file's key groups:\n");
    await output.changes(groupChanges(metadata.groups, rule.keyGroups));
  }
  const indent = configuredIndent(config.stores, format.name);
  const settings = { defaultIndent: indent === undefined ? undefined : effectiveIndent(format.name, indent) };
  return withDumpPrefixAsync(MARSHAL_PREFIX, () => recreateFile(opened, rule, settings, environment));
}

async function isAgreed({ host, output, flags: given }: CommandContext, file: string, place: string): Promise<boolean> {
  if (given.get(flags.YES)) return true;
  return askYesOrNo(`uploading ${file} to ${place} ? (y/n): `, {
    readByte: () => host.stdin.readByte(),
    print: (text) => output.data(text),
  });
}

async function upload({ host, output }: CommandContext, publication: Publication): Promise<void> {
  const { destination, name, content } = publication;
  if (destination.kind !== 'vault') {
    const place = destinationText(destination, name, host.env);
    throw new SopsError('generic', `cannot upload to ${place}: this release publishes to Vault only`);
  }
  const { uploadToVault } = await import('../../node/publish/vault-upload.ts');
  const secret = vaultSecret(destination, name, host.env);
  const result = await uploadToVault(secret, String(content), host.env, (problem) =>
    output.log({
      logger: 'PUBLISH',
      level: 'warning',
      message: `Cannot check if destination secret already exists in ${secret.path}. New version will be created even if the data has not been changed.`,
      fields: { error: problem },
    }),
  );
  if (result === 'unchanged') {
    await output.log({ logger: 'PUBLISH', level: 'info', message: `Secret in ${secret.path} is already up-to-date.` });
  }
}
