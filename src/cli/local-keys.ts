import type { KeyService } from '../core/keys/master-key.ts';
import type { CommandContext } from './command.ts';

/** This machine's own keys: identities, agents and credentials. Loaded when the first key is tried. */
export function localKeyService(context: CommandContext): KeyService {
  let loaded: Promise<KeyService> | undefined;
  const service = (): Promise<KeyService> => (loaded ??= load(context));
  return {
    wrap: async (key, plaintext) => (await service()).wrap(key, plaintext),
    unwrap: async (key) => (await service()).unwrap(key),
  };
}

async function load({ host, output }: CommandContext): Promise<KeyService> {
  const [{ createLocalKeyService }, { createNodeKeyHost }] = await Promise.all([
    import('../node/keys/local-service.ts'),
    import('../node/keys/node-key-host.ts'),
  ]);
  return createLocalKeyService(
    createNodeKeyHost({
      env: host.env,
      platform: host.platform,
      folder: host.cwd,
      warn: (message) => void output.log({ logger: 'AGE', level: 'warning', message }),
      // Upstream logs it where nobody sees it (D25). A user who watches has to know that a device wants to be touched.
      inform: (message) => {
        if (host.stderr.isTty) void output.note(message);
      },
    }),
  );
}
