import type { KeyService } from '../core/keys/master-key.ts';

/** A passphrase may be asked for, or a device want to be touched. The others only wait for a network. */
const MAY_ASK = new Set(['age', 'pgp']);

/** Key services for works that go on at once: keys that may ask the user something are used one after the other. */
export function takeTurns(services: readonly KeyService[]): KeyService[] {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(type: string, action: () => Promise<T>): Promise<T> => {
    if (!MAY_ASK.has(type)) return action();
    const result = last.then(action);
    last = result.catch(() => undefined);
    return result;
  };
  return services.map((service) => ({
    wrap: (key, plaintext) => inTurn(key.type, () => service.wrap(key, plaintext)),
    unwrap: (key) => inTurn(key.type, () => service.unwrap(key)),
  }));
}
