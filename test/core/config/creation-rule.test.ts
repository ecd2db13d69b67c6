import { describe, expect, test } from 'vitest';
import type { CreationSettings } from '../../../src/core/config/creation-rule.ts';
import { findCreationRule, pathForRules, settingsOfRule } from '../../../src/core/config/creation-rule.ts';
import { loadConfig } from '../../../src/core/config/load-config.ts';
import { SopsError } from '../../../src/core/errors.ts';
import { keyText } from '../../../src/core/keys/key-types.ts';

const ALICE = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const BOB = 'age158tmrc2h6h5qrru83k4597nlcl7y049kvesva8l9v7dx72m9mg9qp4slz6';
const PGP = '184A77C1AA8400881D60A3F88F26E58A983AF24E';

function profileFor(text: string, path: string): Promise<string | undefined> {
  return findCreationRule(loadConfig(text), path).then((rule) => rule?.awsProfile);
}

async function settingsOf(rule: string): Promise<CreationSettings> {
  const found = await findCreationRule(loadConfig(`creation_rules:\n  - ${rule.replaceAll('\n', '\n    ')}`), 'f');
  if (found === undefined) throw new Error('no rule');
  return settingsOfRule(found);
}

async function keysOf(rule: string): Promise<string[][]> {
  const { keyGroups } = await settingsOf(rule);
  return keyGroups.map((group) => group.map((key) => `${key.type} ${keyText(key)}`));
}

test.each([
  ['/a/b/c.yaml', '/a', 'b/c.yaml'],
  ['/a/b/c.yaml', '/a/b', 'c.yaml'],
  ['/ab/c.yaml', '/a', '/ab/c.yaml'],
  ['/x/c.yaml', '/a', '/x/c.yaml'],
  ['/a/c.yaml', '/', '/a/c.yaml'],
])('rules for %s by a configuration in %s see %s', (file, folder, path) => {
  expect(pathForRules(file, folder)).toBe(path);
});

describe('findCreationRule', () => {
  const text = `
creation_rules:
  - {path_regex: 'prod/.*\\.yaml$', aws_profile: first}
  - {path_regex: '\\.yaml$', aws_profile: second}
  - {path_regex: '(', aws_profile: broken}
  - {aws_profile: last}
`;

  test('takes the first rule that matches anywhere in the path', async () => {
    expect(await profileFor(text, 'x/prod/a.yaml')).toBe('first');
    expect(await profileFor(text, 'prod.yaml')).toBe('second');
  });

  test('takes a rule without a regex for any path', async () => {
    expect(await profileFor('creation_rules: [{aws_profile: any}]', 'x')).toBe('any');
  });

  test('fails at a regex that does not compile when it is reached', async () => {
    await expect(profileFor(text, 'a.json')).rejects.toThrow(
      new SopsError('invalid-config', 'can not compile regexp: error parsing regexp: missing closing ): `(`'),
    );
  });

  test.each(['creation_rules: []', 'creation_rules: [{path_regex: b}]'])(
    'fails when no rule of %s matches',
    async (rules) => {
      await expect(profileFor(rules, 'a')).rejects.toThrow(
        new SopsError('invalid-config', 'error loading config: no matching creation rules found'),
      );
    },
  );

  test('finds nothing where there are no rules', async () => {
    expect(await profileFor('destination_rules: []', 'a')).toBe(undefined);
  });
});

describe('the keys of a rule', () => {
  test('are one group of the flat fields in the order of upstream', async () => {
    expect(
      await keysOf(`
kms: "arn:aws:kms:eu-west-1:111122223333:key/0000+arn:aws:iam::111122223333:role/r"
aws_profile: p
gcp_kms: [projects/p/locations/l/keyRings/r/cryptoKeys/k]
hckms: ["eu-1:00000000-0000-0000-0000-000000000000"]
azure_keyvault: https://v.vault.azure.net/keys/k/0123
hc_vault_transit_uri: https://vault.example.org:8200/v1/transit/keys/k
pgp: ${PGP}
age: ${ALICE}`),
    ).toEqual([
      [
        `age ${ALICE}`,
        `pgp ${PGP}`,
        'kms arn:aws:kms:eu-west-1:111122223333:key/0000+arn:aws:iam::111122223333:role/r||p',
        'gcp_kms projects/p/locations/l/keyRings/r/cryptoKeys/k',
        'hckms eu-1:00000000-0000-0000-0000-000000000000',
        'azure_kv https://v.vault.azure.net/keys/k/0123',
        'hc_vault https://vault.example.org:8200/v1/transit/keys/k',
      ],
    ]);
  });

  test('are as often in a flat field as they are given', async () => {
    expect(await keysOf(`age: "${ALICE}, ${ALICE},"`)).toEqual([[`age ${ALICE}`, `age ${ALICE}`]]);
  });

  test('are one empty group without any', async () => {
    expect(await keysOf('age: ", ,"')).toEqual([[]]);
  });

  test('are those of key_groups alone where there are any, merged ones first, each once', async () => {
    expect(
      await keysOf(`
age: ${BOB}
key_groups:
  - pgp: [${PGP}, ${PGP}]
    age: ["${BOB},${ALICE}"]
    merge:
      - merge: [{pgp: ["${PGP}"]}]
        age: [${ALICE}]
      - gcp_kms: [{resource_id: g}]
  - age: []`),
    ).toEqual([[`pgp ${PGP}`, `age ${ALICE}`, 'gcp_kms g', `age ${BOB}`], []]);
  });

  test('take the encryption context that is given for flat fields alone', async () => {
    const flat = loadConfig('creation_rules: [{kms: a}, {key_groups: [{kms: [{arn: a}]}]}]').creationRules ?? [];
    const settings = await Promise.all(flat.map((rule) => settingsOfRule(rule, { encryptionContext: { n: 'v' } })));
    expect(settings.map(({ keyGroups }) => keyGroups[0]?.map(keyText))).toEqual([['a|n:v'], ['a']]);
  });

  test.each([
    [
      'age: 12',
      'invalid age key configuration: invalid age key configuration: expected string, []string, or nil, got int',
    ],
    ['age: [12]', 'invalid age key configuration: invalid age key configuration: expected string in list, got int'],
    ['age: [~]', 'invalid age key configuration: invalid age key configuration: expected string in list, got <nil>'],
    [
      'pgp: {a: b}',
      'invalid pgp key configuration: invalid pgp key configuration: expected string, []string, or nil, got map[string]interface {}',
    ],
    [
      'pgp: {1: b}',
      'invalid pgp key configuration: invalid pgp key configuration: expected string, []string, or nil, got map[interface {}]interface {}',
    ],
    [
      'kms: 1.5',
      'invalid kms key configuration: invalid kms key configuration: expected string, []string, or nil, got float64',
    ],
    [
      'gcp_kms: true',
      'invalid gcpkms key configuration: invalid gcp_kms key configuration: expected string, []string, or nil, got bool',
    ],
    [
      'hc_vault_transit_uri: 2020-01-01',
      'invalid vault key configuration: invalid hc_vault_transit_uri key configuration: expected string, []string, or nil, got time.Time',
    ],
    [
      'azure_keyvault: [[a]]',
      'invalid azure_keyvault key configuration: invalid azure_keyvault key configuration: expected string in list, got []interface {}',
    ],
    [
      'age: 18446744073709551615',
      'invalid age key configuration: invalid age key configuration: expected string, []string, or nil, got uint64',
    ],
  ])('%s are refused', async (rule, message) => {
    await expect(settingsOf(rule)).rejects.toThrow(new SopsError('invalid-config', message));
  });

  test('that are malformed are refused', async () => {
    await expect(settingsOf(`age: [${ALICE}, ""]`)).rejects.toThrow(
      new SopsError('invalid-key', 'failed to parse input, unknown recipient type: ""'),
    );
  });
});

describe('the settings of a rule', () => {
  test('are given as they are', async () => {
    const { shamirThreshold, selection, macOnlyEncrypted } = await settingsOf(
      'encrypted_regex: ^data$\nunencrypted_suffix: ""\nshamir_threshold: 3\nmac_only_encrypted: yes',
    );
    expect({ shamirThreshold, selection, macOnlyEncrypted }).toEqual({
      shamirThreshold: 3,
      selection: { encrypted_regex: '^data$', unencrypted_suffix: '' },
      macOnlyEncrypted: true,
    });
  });

  test('refuse two ways to select', async () => {
    await expect(settingsOf('encrypted_regex: a\nunencrypted_suffix: b')).rejects.toThrow(
      new SopsError(
        'invalid-config',
        'error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the same rule',
      ),
    );
  });

  test.each(['encrypted_regex', 'unencrypted_regex', 'encrypted_comment_regex', 'unencrypted_comment_regex'])(
    'refuse a %s that does not compile',
    async (setting) => {
      await expect(settingsOf(`${setting}: ^(data`)).rejects.toThrow(
        new SopsError(
          'invalid-config',
          `error loading config: invalid ${setting}: error parsing regexp: missing closing ): \`^(data\``,
        ),
      );
    },
  );
});
