import type { Environment } from '../core/document/file.ts';
import { parseDecryptionOrder } from '../core/keys/decryption-order.ts';
import type { KeyService } from '../core/keys/master-key.ts';
import { nodeCrypto } from '../node/crypto.ts';
import { createKeyServices } from '../node/key-service/create-key-services.ts';
import type { CommandContext } from './command.ts';
import { DECRYPTION_ORDER, ENABLE_LOCAL_KEYSERVICE, KEYSERVICE } from './flags/table.ts';
import { localKeyService } from './local-keys.ts';

/**
 * What a command works on documents with: key services and their order from its flags, this machine's crypto and clock.
 *
 * @param options - `isDecrypting`, false: an order of decryption counts only where the command has a flag for it
 * @throws SopsError `invalid-decryption-order`
 */
export async function documentEnvironment(
  context: CommandContext,
  { isDecrypting = true }: { isDecrypting?: boolean } = {},
): Promise<Environment> {
  const { flags, globals, host, output } = context;
  const services = await keyServices(context);
  const isOrdered = isDecrypting || flags.has(DECRYPTION_ORDER);
  const order = isOrdered ? (flags.has(DECRYPTION_ORDER) ? flags : globals).get(DECRYPTION_ORDER) : '';
  return {
    crypto: nodeCrypto,
    services,
    decryptionOrder: parseDecryptionOrder(order),
    warn: (message) => void output.log({ logger: 'SOPS', level: 'warning', message }),
    now: () => host.now(),
  };
}

/** The key services that the flags name; nothing is connected to before it is needed. */
export async function keyServices(context: CommandContext): Promise<KeyService[]> {
  const { flags, output } = context;
  const notes: Promise<void>[] = [];
  const services = createKeyServices({
    enableLocal: flags.get(ENABLE_LOCAL_KEYSERVICE),
    uris: flags.get(KEYSERVICE),
    local: localKeyService(context),
    warn: (message, fields) => void notes.push(output.warn(message, fields)),
    inform: (message, fields) => void notes.push(output.log({ logger: 'CMD', level: 'info', message, fields })),
  });
  await Promise.all(notes);
  return services;
}
