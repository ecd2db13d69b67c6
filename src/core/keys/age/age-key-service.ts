import { SopsError } from '../../errors.ts';
import { textField } from '../key-type.ts';
import type { KeyService } from '../master-key.ts';
import type { Age } from './age.ts';
import { AgeError } from './age-error.ts';
import { decodeArmor, encodeArmor } from './armor.ts';

/**
 * Makes a key service that wraps for age recipients and unwraps with the identities given; keys of other types fail. It reads no
 * environment, so it suits browsers and programs that hold their own keys.
 *
 * @param identities - `AGE-SECRET-KEY-1…` and `AGE-SECRET-KEY-PQ-1…`
 */
export function createAgeKeyService(age: Age, identities: readonly string[]): KeyService {
  return {
    async wrap(key, plaintext) {
      requireAge(key.type);
      return encodeArmor(await age.encrypt(plaintext, textField(key, 'recipient')));
    },
    async unwrap(key) {
      requireAge(key.type);
      if (identities.length === 0) throw new SopsError('no-data-key', 'failed to load age identities');
      const { bytes, fault } = decodeArmor(key.enc);
      try {
        if (fault !== undefined) throw fault;
        return await age.decrypt(bytes, identities);
      } catch (error) {
        if (!(error instanceof AgeError)) throw error;
        throw new SopsError(
          'no-data-key',
          `failed to create reader for decrypting sops data key with age: ${error.message}`,
          { cause: error },
        );
      }
    },
  };

  function requireAge(type: string): void {
    if (type !== 'age') throw new SopsError('invalid-key', `${type} keys are not supported by this key service`);
  }
}
