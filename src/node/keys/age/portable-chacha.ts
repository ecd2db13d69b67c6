import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Chacha } from './age-primitives.ts';

/** ChaCha20-Poly1305 for runtimes whose node:crypto has none. */
export const portableChacha: Chacha = {
  seal: (key, plaintext, nonce) => chacha20poly1305(key, nonce).encrypt(plaintext),
  open(key, sealed, nonce) {
    try {
      return chacha20poly1305(key, nonce).decrypt(sealed);
    } catch {
      return undefined;
    }
  },
};
