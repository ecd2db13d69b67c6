import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openChacha, sealChacha } from '../../../../src/node/keys/age/age-primitives.ts';
import { portableChacha } from '../../../../src/node/keys/age/portable-chacha.ts';
import { runs } from '../../../property.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('the portable ChaCha20-Poly1305 seals and opens as that of node:crypto', () => {
  fc.assert(
    fc.property(bytes(32), bytes(12), fc.uint8Array({ maxLength: 200 }), (key, nonce, text) => {
      const sealed = portableChacha.seal(key, text, nonce);
      expect([...sealed]).toEqual([...sealChacha(key, text, nonce)]);
      expect([...(portableChacha.open(key, sealed, nonce) ?? [])]).toEqual([...text]);
      expect([...(openChacha(key, sealed, nonce) ?? [])]).toEqual([...text]);
      const changed = sealed.with(0, (sealed[0] ?? 0) ^ 1);
      expect([portableChacha.open(key, changed, nonce), openChacha(key, changed, nonce)]).toEqual([
        undefined,
        undefined,
      ]);
    }),
    { numRuns: runs(50) },
  );
});
