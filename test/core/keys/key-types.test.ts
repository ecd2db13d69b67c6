import { describe, expect, test } from 'vitest';
import type { KeyParseOptions } from '../../../src/core/keys/key-type.ts';
import {
  keyText,
  keyTypeOf,
  keyTypes,
  keyTypesInFlags,
  keyTypesInRules,
  serviceKeyText,
} from '../../../src/core/keys/key-types.ts';
import { parseEncryptionContext } from '../../../src/core/keys/kms/kms-key-type.ts';
import type { KeyTypeName, MasterKey } from '../../../src/core/keys/master-key.ts';

const alice = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const options: KeyParseOptions = { now: new Date('2026-01-02T03:04:05.678Z') };
const createdAt = '2026-01-02T03:04:05Z';

function parse(type: KeyTypeName, list: string, more: KeyParseOptions = {}): MasterKey[] {
  return keyTypeOf(type).parseList(list, { ...options, ...more });
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe('the registry', () => {
  test('has every type once, whatever the order', () => {
    const names = ['age', 'azure_kv', 'gcp_kms', 'hc_vault', 'hckms', 'kms', 'pgp'];
    for (const order of [keyTypes, keyTypesInRules, keyTypesInFlags]) {
      expect(order.map((type) => type.name).sort()).toEqual(names);
    }
  });

  test('lists metadata fields in the alphabetical order in which they are written', () => {
    expect(
      Object.fromEntries(keyTypes.map((type) => [type.name, type.metadataFields.map(({ name }) => name)])),
    ).toEqual({
      age: ['enc', 'recipient'],
      azure_kv: ['created_at', 'enc', 'name', 'vault_url', 'version'],
      gcp_kms: ['created_at', 'enc', 'resource_id'],
      hc_vault: ['created_at', 'enc', 'engine_path', 'key_name', 'vault_address'],
      hckms: ['created_at', 'enc', 'key_id'],
      kms: ['arn', 'aws_profile', 'context', 'created_at', 'enc', 'role'],
      pgp: ['created_at', 'enc', 'fp'],
    });
    const optional = keyTypes.flatMap((type) => type.metadataFields.filter(({ always }) => !always));
    expect(optional.map(({ name }) => name)).toEqual(['context', 'role']);
    expect(keyTypes.filter((type) => type.listedWhenEmpty).map(({ name }) => name)).toEqual(['hc_vault', 'age']);
  });

  test('names flags, variables and rule fields', () => {
    expect(
      keyTypesInFlags.map((type) => [type.flag, type.environmentVariable, type.config.rule, type.config.group]),
    ).toEqual([
      ['kms', 'SOPS_KMS_ARN', 'kms', 'kms'],
      ['gcp-kms', 'SOPS_GCP_KMS_IDS', 'gcp_kms', 'gcp_kms'],
      ['hckms', 'SOPS_HUAWEICLOUD_KMS_IDS', 'hckms', 'hckms'],
      ['azure-kv', 'SOPS_AZURE_KEYVAULT_URLS', 'azure_keyvault', 'azure_keyvault'],
      ['pgp', 'SOPS_PGP_FP', 'pgp', 'pgp'],
      ['hc-vault-transit', 'SOPS_VAULT_URIS', 'hc_vault_transit_uri', 'hc_vault'],
      ['age', 'SOPS_AGE_RECIPIENTS', 'age', 'age'],
    ]);
  });

  test('has no keys in an empty list', () => {
    expect(keyTypes.map((type) => type.parseList(''))).toEqual(keyTypes.map(() => []));
  });

  test('names keys as a key service asks about them', () => {
    const keys = [
      ...parse('pgp', 'AB'),
      ...parse('kms', 'arn:aws:kms:x+arn:aws:iam::1:role/r', { awsProfile: 'p' }),
      ...parse('gcp_kms', 'projects/p'),
      ...parse('azure_kv', 'https://v/keys/n/1'),
      ...parse('hc_vault', 'https://v/v1/transit/keys/k'),
      ...parse('hckms', 'tr-west-1:0'),
      ...parse('age', alice),
    ];
    expect(keys.map(serviceKeyText)).toEqual([
      'PGP key with fingerprint AB',
      'AWS KMS key with ARN arn:aws:kms:x',
      'GCP KMS key with resource ID projects/p',
      'Azure Key Vault key with URL https://v/keys/n/1',
      'Hashicorp Vault key with URI https://v/v1/transit/keys/k',
      'HuaweiCloud KMS key with ID tr-west-1:0',
      `age key with recipient ${alice}`,
    ]);
  });
});

describe('age', () => {
  test('has a recipient and no creation date', () => {
    expect(parse('age', ` ${alice} `)).toEqual([{ type: 'age', fields: { recipient: alice }, enc: '' }]);
  });

  test('refuses an empty entry', () => {
    expect(outcome(() => parse('age', `${alice},`))).toBe('failed to parse input, unknown recipient type: ""');
  });

  test('may hold a list in an entry of a group', () => {
    expect(keyTypeOf('age').parseGroupEntry(`${alice},${alice}`).map(keyText)).toEqual([alice, alice]);
  });
});

describe('pgp', () => {
  test('drops blanks and keeps empty entries', () => {
    expect(parse('pgp', 'AB CD!,,EF')).toEqual(
      ['ABCD!', '', 'EF'].map((fp) => ({ type: 'pgp', fields: { fp }, enc: '', createdAt })),
    );
  });

  test('does not split the entries of a group', () => {
    expect(keyTypeOf('pgp').parseGroupEntry('AB,CD').map(keyText)).toEqual(['AB,CD']);
  });
});

describe('kms', () => {
  const context = { b: '2', a: '1', '\u{1f600}': 'e', '\uffee': 'f' };

  test.each([
    ['arn:aws:kms:us-east-1:1:key/2', {}, 'arn:aws:kms:us-east-1:1:key/2'],
    [
      'arn:aws:kms:us-east-1:1:key/2',
      { encryptionContext: context },
      'arn:aws:kms:us-east-1:1:key/2|a:1,b:2,\uffee:f,\u{1f600}:e',
    ],
    ['arn:aws:kms:us-east-1:1:key/2', { awsProfile: 'prof' }, 'arn:aws:kms:us-east-1:1:key/2||prof'],
    ['arn:a+arn:b', { encryptionContext: { x: 'y' }, awsProfile: 'prof' }, 'arn:a+arn:b|x:y|prof'],
    [' arn:a + arn:b ', {}, 'arn:a+arn:b'],
    ['+arn:x', {}, '+arn:x'],
    ['a+b', {}, 'a+b'],
  ])('reads and names %j %j as upstream does', (arn, more, text) => {
    expect(parse('kms', arn, more).map(keyText)).toEqual([text]);
  });

  test('has role and context only when there are any, and always a profile', () => {
    expect(parse('kms', 'arn:a,arn:b+arn:c', { encryptionContext: {} })).toEqual([
      { type: 'kms', fields: { arn: 'arn:a', aws_profile: '' }, enc: '', createdAt },
      { type: 'kms', fields: { arn: 'arn:b', role: 'arn:c', aws_profile: '' }, enc: '', createdAt },
    ]);
  });

  test('takes the ARN of a group entry as it is', () => {
    const entry = { arn: 'arn:a +arn:b', role: 'r', context: { k: 'v' }, aws_profile: 'p' };
    expect(keyTypeOf('kms').parseGroupEntry(entry, options)).toEqual([
      { type: 'kms', fields: entry, enc: '', createdAt },
    ]);
  });

  test.each([
    ['', {}],
    ['a:1,b:2', { a: '1', b: '2' }],
    ['a:1,a:2', { a: '2' }],
    ['a:', { a: '' }],
    ['a', undefined],
    ['a:1:2', undefined],
    ['a:1,', undefined],
    ['__proto__:x', Object.fromEntries([['__proto__', 'x']])],
  ])('reads the encryption context %j', (text, expected) => {
    expect(parseEncryptionContext(text)).toEqual(expected);
  });
});

describe('hckms', () => {
  test.each([
    ['tr-west-1:0123', ['tr-west-1:0123']],
    [' a:b , , c:d ,', ['a:b', 'c:d']],
    ['x', `invalid key ID format: expected 'region:key-uuid', got "x"`],
    [':y', 'region cannot be empty in key ID: ":y"'],
    ['x:', 'key UUID cannot be empty in key ID: "x:"'],
  ])('reads %j as upstream does', (list, expected) => {
    expect(outcome(() => parse('hckms', list).map(keyText))).toEqual(expected);
  });

  test('is checked when it comes from a file', () => {
    const key: MasterKey = { type: 'hckms', fields: { key_id: 'x' }, enc: 'e', createdAt };
    expect(() => keyTypeOf('hckms').checkLoaded?.(key)).toThrow(
      expect.objectContaining({
        code: 'invalid-metadata',
        message: `invalid key ID format: expected 'region:key-uuid', got "x"`,
      }),
    );
  });
});

describe('azure_kv', () => {
  test.each([
    ['https://v.vault.azure.net/keys/n/0123', ['https://v.vault.azure.net/keys/n/0123']],
    [' https://v/keys/n/1 ,https://w/keys/m/2', ['https://v/keys/n/1', 'https://w/keys/m/2']],
    ['http://v/keys/n/1', 'could not parse "http://v/keys/n/1" into a valid Azure Key Vault MasterKey []'],
    ['https://v/keys/n/1/2', 'could not parse "https://v/keys/n/1/2" into a valid Azure Key Vault MasterKey []'],
    ['https://v/secrets/n/1', 'could not parse "https://v/secrets/n/1" into a valid Azure Key Vault MasterKey []'],
    ['x\ny', 'could not parse "x\\ny" into a valid Azure Key Vault MasterKey []'],
  ])('reads %j as upstream does', (list, expected) => {
    expect(outcome(() => parse('azure_kv', list).map(keyText))).toEqual(expected);
  });

  test.each(['https://v/keys/n', 'https://v/keys/n/'])('says that %s needs a version', (url) => {
    expect(outcome(() => parse('azure_kv', url))).toBe(
      'no version given for Azure Key Vault key "https://v/keys/n": looking up the current version is not supported yet',
    );
  });

  test('takes the spelling of fields that .sops.yaml has', () => {
    expect(keyTypeOf('azure_kv').parseGroupEntry({ vaultUrl: 'https://v', key: 'n', version: '1' }, options)).toEqual([
      { type: 'azure_kv', fields: { vault_url: 'https://v', name: 'n', version: '1' }, enc: '', createdAt },
    ]);
  });
});

describe('hc_vault', () => {
  const prefixed =
    'running Vault with a prefixed URL is not supported! (Format has to be like https://vault.example.com:8200/v1/transit/keys/keyName)';
  const malformed =
    'vault path does not seem to be formatted correctly: (eg. https://vault.example.com:8200/v1/transit/keys/keyName)';

  test.each([
    ['https://vault.example.com:8200/v1/transit/keys/dev', ['https://vault.example.com:8200', 'transit', 'dev']],
    ['https://v/v1/my/nested/transit/keys/dev/', ['https://v', 'my/nested/transit', 'dev']],
    ['HTTPS://u:p@v/v1/transit/keys/k?x=1#f', ['https://u:p@v?x=1#f', 'transit', 'k?x=1']],
    ['https://v/v1/transit/anything/k', ['https://v', 'transit', 'k']],
    ['vault.example.com:8200/v1/transit/keys/k', ['vault.example.com:8200/v1/transit/keys/k', 'v1/transit', 'k']],
    ['https://v/v1/./../transit/keys/k', ['https://v', '../transit', 'k']],
    ['https://[::1]:8200/v1/t/keys/k', ['https://[::1]:8200', 't', 'k']],
    ['https://v/v1/transit/keys/a%20b', ['https://v', 'transit', 'a%20b']],
    [
      '127.0.0.1:8200/v1/t/keys/k',
      'parse "127.0.0.1:8200/v1/t/keys/k": first path segment in URL cannot contain colon',
    ],
    ['https://v/x/v1/transit/keys/k', prefixed],
    ['https://v/v1/a/v2/b/keys/c', prefixed],
    ['https://v/v1/transit', malformed],
    ['https://v', malformed],
    ['https://v?x', malformed],
    [
      '/v1/transit/keys/k',
      'missing scheme in Vault URL (should be like this: +https://vault.example.com:8200/v1/transit/keys/keyName), got: /v1/transit/keys/k',
    ],
    ['https://v:x/v1/transit/keys/k', 'parse "https://v:x/v1/transit/keys/k": invalid port ":x" after host'],
    ['https://v/v1/transit/keys/%zz', 'parse "https://v/v1/transit/keys/%zz": invalid URL escape "%zz"'],
    ['://x', 'parse "://x": missing protocol scheme'],
  ])('reads %j as upstream does', (uri, expected) => {
    const parts = (): unknown[] =>
      parse('hc_vault', uri).flatMap(({ fields }) => [
        fields['vault_address'],
        fields['engine_path'],
        fields['key_name'],
      ]);
    expect(outcome(parts)).toEqual(expected);
  });

  test('drops empty entries of a list, and has its own path back in its text', () => {
    expect(parse('hc_vault', ',https://v/v1/transit/keys/k,').map(keyText)).toEqual(['https://v/v1/transit/keys/k']);
  });
});
