import { statSync } from 'node:fs';
import { SopsError } from '../../core/errors.ts';
import { absolutePath } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfigPath, readConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { holdOutput } from '../held-output.ts';
import { inOrder } from '../in-order.ts';
import { takeTurns } from '../key-turns.ts';
import { checkKeys, updateKeys } from '../update-keys.ts';

/** How many files are worked on at once where nothing has to be asked. */
const AT_ONCE = 16;

export const updatekeysCommand: Command = {
  parameters: 'file...',
  description: [
    'Makes the keys of encrypted files those of their creation rules in .sops.yaml. The data key and every value stay; only the data key is encrypted anew. What will change is shown, and asked for unless -y is given. Files that have the right keys already are left alone.',
    'With --check no file is changed and no private key is needed: what would change is shown, and the exit status is 1 when a file does not follow its rule.',
  ],
  examples: [
    { command: 'updatekeys secrets.yaml', description: 'after a change of the rule' },
    { command: 'updatekeys -y secrets/*.yaml', description: 'many files, without questions' },
    { command: 'updatekeys --check secrets/*.yaml', description: 'in a test: do all files follow their rules?' },
  ],
  flags: [flags.YES, flags.CHECK, flags.INPUT_TYPE, ...flags.KEYSERVICE_FLAGS],
  honours: [flags.DECRYPTION_ORDER],
  async run(context) {
    const path = await findConfigPath(context);
    if (path === undefined) throw new SopsError('generic', 'config file not found');
    let configuration: Promise<Configuration> | undefined;
    // Once for all files, but not before the first of them is looked at: that is the order of the errors.
    const configured = (): Promise<Configuration> => (configuration ??= readConfiguration(context, path));
    if (context.args.length === 0) throw new SopsError('no-file', 'Error: no file specified');
    return context.flags.get(flags.CHECK) ? checkAll(context, configured) : updateAll(context, configured);
  },
};

async function checkAll(context: CommandContext, configured: () => Promise<Configuration>): Promise<number> {
  let differing = 0;
  const failure = (count: number): string => `failed checking ${count} file(s)`;
  await forEachFile(context, failure, AT_ONCE, async (fileContext, name) => {
    if (!(await checkKeys(fileContext, name, configured))) differing++;
  });
  if (differing === 0) return SUCCESS;
  throw new SopsError('generic', `${differing} of ${context.args.length} file(s) do not follow their creation rule`, {
    hint: 'updatekeys without --check gives them the right keys',
  });
}

async function updateAll(context: CommandContext, configured: () => Promise<Configuration>): Promise<number> {
  const environment = await documentEnvironment(context);
  const shared = { ...environment, services: takeTurns(environment.services) };
  const atOnce = context.flags.get(flags.YES) ? AT_ONCE : 1;
  const turnOf = turns();
  const failure = (count: number): string => `failed updating ${count} key(s)`;
  await forEachFile(context, failure, atOnce, (fileContext, name) =>
    turnOf(absolutePath(context.host.cwd, name), () => updateKeys(fileContext, name, configured, shared)),
  );
  return SUCCESS;
}

/** Does the same to every file. What fails for one of several is told, and the others go on. */
async function forEachFile(
  context: CommandContext,
  failure: (count: number) => string,
  atOnce: number,
  action: (context: CommandContext, name: string) => Promise<void>,
): Promise<void> {
  const { args, output } = context;
  const [only] = args;
  if (args.length === 1 && only !== undefined) return action(context, only);
  let failures = 0;
  const attempt = async (name: string): Promise<() => Promise<void>> => {
    const held = atOnce === 1 ? undefined : holdOutput(context);
    try {
      await action(held?.context ?? context, name);
      return async () => held?.release();
    } catch (error) {
      return async () => {
        await held?.release();
        if (!(error instanceof SopsError)) throw error;
        failures++;
        await output.log({ logger: 'CMD', level: 'error', message: error.message });
        await output.place(error);
        await output.hint(error.hint);
      };
    }
  };
  await inOrder(args, atOnce, attempt, (finish) => finish());
  if (failures > 0) throw new SopsError('generic', failure(failures));
}

/** Runs actions on the same file one after the other, whatever names it was given by. */
function turns(): (file: string, action: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (file, action) => {
    const key = identityOf(file);
    const result = (last.get(key) ?? Promise.resolve()).then(action);
    last.set(
      key,
      result.catch(() => undefined),
    );
    return result;
  };
}

function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return file;
  }
}
