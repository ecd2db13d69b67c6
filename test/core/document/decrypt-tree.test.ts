import { describe, expect, test } from 'vitest';
import { decryptToData, encrypt } from '../../../src/core/index.ts';
import { generateIdentity } from '../../../src/core/keys/age/keygen.ts';
import { nodeCrypto } from '../../../src/node/crypto.ts';
import { nativeAge } from '../../../src/node/keys/age/native-age.ts';

/** The data of an encrypted YAML text after a change of that text. */
async function dataAfter(plain: string, change: (encrypted: string) => string): Promise<unknown> {
  const { identity, recipient } = await generateIdentity(nativeAge);
  const options = { format: 'yaml', crypto: nodeCrypto } as const;
  const text = change(await encrypt(plain, { ...options, recipients: [recipient] }));
  return decryptToData(text, { ...options, identities: [identity] });
}

describe('the ciphertext of a value behind a #', () => {
  test('is an element of a list all the same, as upstream has it', async () => {
    const plain = 'b:\n  - "x"\n  - z\n';
    expect(await dataAfter(plain, (text) => text.replace('- "ENC', '- #ENC'))).toEqual({ b: [null, 'x', 'z'] });
    expect(await dataAfter(plain, (text) => text.replace('- "ENC', '#ENC'))).toEqual({ b: ['x', 'z'] });
  });

  test('does not count elsewhere', async () => {
    const moved = dataAfter('b:\n  - "x"\n  - z\nc: w\n', (text) => {
      const [, element = ''] = /- "(ENC.*)"\n/.exec(text) ?? [];
      return `#${element}\n${text.replace(/ *- ".*\n/, '')}`;
    });
    await expect(moved).rejects.toMatchObject({ code: 'mac-mismatch' });
  });
});
