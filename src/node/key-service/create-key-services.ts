import type { KeyService } from '../../core/keys/master-key.ts';
import { parseTarget, targetText } from './target.ts';

export interface KeyServiceOptions {
  /** Whether this process's own keys are used. */
  readonly enableLocal: boolean;
  /** Key services to be asked after them, in order. */
  readonly uris: readonly string[];
  readonly local: KeyService;
  /** Told of a URI that cannot be parsed, and is passed over: upstream's message, with a field `uri`. */
  readonly warn: (message: string, fields: { uri: string }) => void;
  /** Told of each service that is to be asked, with a field `address`. */
  readonly inform?: ((message: string, fields: { address: string }) => void) | undefined;
}

/**
 * Makes the key services that `--enable-local-keyservice` and `--keyservice` name. Nothing is connected to, and the client is
 * not even loaded, before a service is asked. Upstream: `cmd/sops/main.go` `keyservices`.
 */
export function createKeyServices(options: KeyServiceOptions): KeyService[] {
  const services: KeyService[] = options.enableLocal ? [options.local] : [];
  for (const uri of options.uris) {
    const target = parseTarget(uri);
    if (target === undefined) {
      options.warn('Error parsing URI for keyservice, skipping', { uri });
      continue;
    }
    options.inform?.('Connecting to key service', { address: targetText(target) });
    services.push(lazily(async () => (await import('./remote-key-service.ts')).createRemoteKeyService(target)));
  }
  return services;
}

function lazily(load: () => Promise<KeyService>): KeyService {
  let loaded: Promise<KeyService> | undefined;
  const service = (): Promise<KeyService> => (loaded ??= load());
  return {
    wrap: async (key, plaintext) => (await service()).wrap(key, plaintext),
    unwrap: async (key) => (await service()).unwrap(key),
  };
}
