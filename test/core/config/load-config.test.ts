import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/core/config/config.ts';
import { NO_CONFIG } from '../../../src/core/config/config.ts';
import { loadConfig } from '../../../src/core/config/load-config.ts';
import { SopsError } from '../../../src/core/errors.ts';

function errorOf(text: string): string {
  try {
    loadConfig(text);
  } catch (error) {
    if (error instanceof SopsError && error.code === 'invalid-config') return error.message;
    throw error;
  }
  return '';
}

function firstRule(text: string): NonNullable<Config['creationRules']>[number] {
  const [rule] = loadConfig(text).creationRules ?? [];
  if (rule === undefined) throw new Error('no rule');
  return rule;
}

const NO_RULE = {
  pathRegex: '',
  keys: new Map(),
  awsProfile: '',
  keyGroups: [],
  shamirThreshold: 0,
  selection: {},
  macOnlyEncrypted: false,
};

describe('a configuration', () => {
  test.each([
    '',
    '# only a comment\n',
    '---\n',
    'null\n',
    '{}\n',
    'creation_rules:\n',
    '\ufeff# x\n',
    '\ufeff',
    ' \r\n # x',
    'keys: [a]\n',
  ])('%j says nothing', (text) => {
    expect(loadConfig(text)).toEqual(NO_CONFIG);
  });

  test.each([
    ['\t', 'yaml: found character that cannot start any token'],
    ['# c\n\t\n', 'yaml: line 2: found character that cannot start any token'],
    ['%', 'yaml: could not find expected directive name'],
    ['%YAML 1.2\n', 'yaml: found incompatible YAML document'],
    ['[]', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into config.configFile'],
  ])('%j is refused in the words of go-yaml', (text, reason) => {
    expect(errorOf(text)).toBe(`error loading config: Could not unmarshal config file: ${reason}`);
  });

  test('has every setting of a creation rule', () => {
    const text = `
creation_rules:
  - path_regex: \\.yaml$
    kms: "a, b,,"
    aws_profile: profile
    age: [" x ", ""]
    pgp:
    gcp_kms: ""
    hckms: [r:1]
    azure_keyvault: z
    hc_vault_transit_uri: []
    shamir_threshold: 2
    unencrypted_suffix: us
    encrypted_suffix: es
    unencrypted_regex: ur
    encrypted_regex: er
    unencrypted_comment_regex: uc
    encrypted_comment_regex: ec
    mac_only_encrypted: true
    key_groups:
      - age: [k]
        pgp: [p]
        hc_vault: [v]
        kms: [{arn: a, role: r, context: {n: 1, e: }, aws_profile: p}]
        gcp_kms: [{resource_id: g}]
        hckms: [{key_id: h}]
        azure_keyvault: [{vaultUrl: u, key: k, version: v}]
        merge:
          - age: [inner]
          - merge: [{pgp: [innermost]}]
`;
    expect(loadConfig(text)).toEqual({
      ...NO_CONFIG,
      creationRules: [
        {
          pathRegex: '\\.yaml$',
          awsProfile: 'profile',
          shamirThreshold: 2,
          macOnlyEncrypted: true,
          selection: {
            unencrypted_suffix: 'us',
            encrypted_suffix: 'es',
            unencrypted_regex: 'ur',
            encrypted_regex: 'er',
            unencrypted_comment_regex: 'uc',
            encrypted_comment_regex: 'ec',
          },
          keys: new Map([
            ['kms', { kind: 'keys', keys: ['a', 'b'] }],
            ['age', { kind: 'keys', keys: [' x ', ''] }],
            ['gcp_kms', { kind: 'keys', keys: [] }],
            ['hckms', { kind: 'keys', keys: ['r:1'] }],
            ['azure_kv', { kind: 'keys', keys: ['z'] }],
            ['hc_vault', { kind: 'keys', keys: [] }],
          ]),
          keyGroups: [
            {
              keys: new Map<string, unknown>([
                ['age', ['k']],
                ['pgp', ['p']],
                ['hc_vault', ['v']],
                ['kms', [{ arn: 'a', role: 'r', context: { n: '1', e: '' }, aws_profile: 'p' }]],
                ['gcp_kms', [{ resource_id: 'g' }]],
                ['hckms', [{ key_id: 'h' }]],
                ['azure_kv', [{ vaultUrl: 'u', key: 'k', version: 'v' }]],
              ]),
              merge: [
                { keys: new Map([['age', ['inner']]]), merge: [] },
                { keys: new Map(), merge: [{ keys: new Map([['pgp', ['innermost']]]), merge: [] }] },
              ],
            },
          ],
        },
      ],
    });
  });

  test('has every setting of a destination rule', () => {
    const text = `
destination_rules:
  - path_regex: x
    s3_bucket: b
    s3_prefix: p
    gcs_bucket: gb
    gcs_prefix: gp
    vault_path: vp
    vault_address: va
    vault_kv_mount_name: vm
    vault_kv_version: 1
    omit_extensions: on
    recreation_rule: {pgp: [f]}
  - {}
`;
    const empty = {
      pathRegex: '',
      s3Bucket: '',
      s3Prefix: '',
      gcsBucket: '',
      gcsPrefix: '',
      vaultPath: '',
      vaultAddress: '',
      vaultKvMountName: '',
      vaultKvVersion: 0,
      omitExtensions: false,
      recreationRule: NO_RULE,
    };
    expect(loadConfig(text)).toEqual({
      ...NO_CONFIG,
      destinationRules: [
        {
          pathRegex: 'x',
          s3Bucket: 'b',
          s3Prefix: 'p',
          gcsBucket: 'gb',
          gcsPrefix: 'gp',
          vaultPath: 'vp',
          vaultAddress: 'va',
          vaultKvMountName: 'vm',
          vaultKvVersion: 1,
          omitExtensions: true,
          recreationRule: { ...NO_RULE, keys: new Map([['pgp', { kind: 'keys', keys: ['f'] }]]) },
        },
        empty,
      ],
    });
  });

  test('has the settings of stores, null ones being the defaults', () => {
    expect(
      loadConfig('stores: {yaml: {indent: 2}, json: {indent: 3}, json_binary: {indent: -1}, ini: {}, dotenv: }').stores,
    ).toEqual({ yaml: { indent: 2 }, json: { indent: 3 }, jsonBinary: { indent: -1 } });
    expect(loadConfig('stores: {yaml: , json: {indent: }}').stores).toEqual(NO_CONFIG.stores);
  });

  test('may be JSON, and may have a byte order mark and CRLF', () => {
    const rules = [{ ...NO_RULE, pathRegex: 'a' }];
    expect(loadConfig('{"creation_rules": [{"path_regex": "a"}]}').creationRules).toEqual(rules);
    expect(loadConfig('\ufeffcreation_rules:\r\n  - path_regex: a\r\n').creationRules).toEqual(rules);
    expect(loadConfig(new TextEncoder().encode('\ufeffcreation_rules: [path_regex: a]')).creationRules).toEqual(rules);
  });

  test.each(['---\n[', '...\n---\n]', '--- {'])('is the first document: %j behind it is not read', (rest) => {
    expect(loadConfig(`# c\n---\ncreation_rules: []\n${rest}\n`).creationRules).toEqual([]);
    expect(loadConfig(`creation_rules: []\n${rest}\n`).creationRules).toEqual([]);
  });

  test('drops null entries of lists', () => {
    const config = loadConfig('creation_rules: [~, {key_groups: [~, {age: [~, a], kms: [~]}]}, ~]');
    expect(config.creationRules).toEqual([
      {
        ...NO_RULE,
        keyGroups: [
          {
            merge: [],
            keys: new Map([
              ['age', ['a']],
              ['kms', []],
            ]),
          },
        ],
      },
    ]);
  });
});

describe('a text field', () => {
  test.each([
    ['12', '12'],
    ['0x10', '0x10'],
    ['1.50', '1.50'],
    ['Yes', 'Yes'],
    ['true', 'true'],
    ['2020-01-01', '2020-01-01'],
    ['!!binary YWJj', 'abc'],
    ['!!str 12', '12'],
    ['"1"', '1'],
    ['&a [x]\n  - age: *a', undefined],
  ])('takes the scalar %s as it is spelled', (text, expected) => {
    const load = (): unknown =>
      firstRule(`creation_rules:\n  - unencrypted_suffix: ${text}`).selection.unencrypted_suffix;
    if (expected === undefined) expect(load).toThrow(SopsError);
    else expect(load()).toBe(expected);
  });
});

test.each([
  ['yes', true],
  ['"on"', true],
  ['Y', true],
  ['TRUE', true],
  ['off', false],
  ['!!str n', false],
])('a boolean field takes %s', (text, expected) => {
  expect(firstRule(`creation_rules:\n  - mac_only_encrypted: ${text}`).macOnlyEncrypted).toBe(expected);
});

test.each([
  ['2.5', 2],
  ['1_0', 10],
  ['0x10', 16],
  ['!!int "3"', 3],
  ['-1', -1],
])('an integer field takes %s', (text, expected) => {
  expect(firstRule(`creation_rules:\n  - shamir_threshold: ${text}`).shamirThreshold).toBe(expected);
});

describe('merge keys', () => {
  const base =
    'base: &b {encrypted_regex: b, aws_profile: b}\nother: &o {encrypted_regex: o, mac_only_encrypted: true}\n';

  test('add what the map does not have, the first map of a list first', () => {
    const { selection, awsProfile, macOnlyEncrypted } = firstRule(
      `${base}creation_rules:\n  - <<: [*b, *o]\n    aws_profile: own\n`,
    );
    expect({ selection, awsProfile, macOnlyEncrypted }).toEqual({
      selection: { encrypted_regex: 'b' },
      awsProfile: 'own',
      macOnlyEncrypted: true,
    });
  });

  test('do not bring back what the map has as null', () => {
    expect(firstRule(`${base}creation_rules:\n  - <<: *b\n    encrypted_regex:\n`).selection).toEqual({});
  });

  test('may be merged themselves', () => {
    const text = `${base}more: &m\n  <<: *o\n  aws_profile: m\ncreation_rules:\n  - <<: *m\n`;
    expect(firstRule(text)).toEqual({
      ...NO_RULE,
      selection: { encrypted_regex: 'o' },
      awsProfile: 'm',
      macOnlyEncrypted: true,
    });
  });

  test('in quotes are keys like any other', () => {
    expect(firstRule(`${base}creation_rules:\n  - "<<": *b\n`)).toEqual(NO_RULE);
  });

  test.each(['abc', '~', '[abc]'])('whose value is %s are an error', (value) => {
    expect(errorOf(`creation_rules:\n  - <<: ${value}`)).toMatch(
      /^error loading config: Could not unmarshal config file: yaml: (line 2: )?map merge requires map or sequence of maps as the value$/,
    );
  });
});

// The texts are those of the reference program without the values in backquotes.
test.each([
  [
    'creation_rules: abc\nstores: []',
    'line 1: !!str into []config.creationRule',
    'line 2: !!seq into config.StoresConfig',
  ],
  [
    'creation_rules:\n  - abc\n  - [1]',
    'line 2: !!str into config.creationRule',
    'line 3: !!seq into config.creationRule',
  ],
  [
    'creation_rules:\n  - key_groups:\n    - kms: [abc]\n      age: [[1], {a: b}, ~]\n      azure_keyvault: 12',
    'line 3: !!str into config.kmsKey',
    'line 4: !!seq into string',
    'line 4: !!map into string',
    'line 5: !!int into []config.azureKVKey',
  ],
  ['creation_rules:\n  - mac_only_encrypted: "true"', 'line 2: !!str into bool'],
  ['creation_rules:\n  - mac_only_encrypted: 1', 'line 2: !!int into bool'],
  ['creation_rules:\n  - shamir_threshold: "2"', 'line 2: !!str into int'],
  ['creation_rules:\n  - shamir_threshold: 99999999999999999999', 'line 2: !!float into int'],
  ['creation_rules:\n  - shamir_threshold: .inf', 'line 2: !!float into int'],
  ['creation_rules:\n  - hckms: 12', 'line 2: !!int into []string'],
  [
    'creation_rules:\n  - path_regex: {}\n    encrypted_regex: [a]',
    'line 2: !!map into string',
    'line 3: !!seq into string',
  ],
  ['stores: {yaml: {indent: two}}', 'line 1: !!str into int'],
  [
    'x: &x\n  - 1\ncreation_rules:\n  - {key_groups: [{kms: [{context: *x}]}]}',
    'line 2: !!seq into map[string]*string',
  ],
])('%j is refused with the lines of its wrong types', (text, ...errors) => {
  const lines = errors.map((error) => `\n  ${error.replace(': ', ': cannot unmarshal ')}`).join('');
  expect(errorOf(text)).toBe(`error loading config: Could not unmarshal config file: yaml: unmarshal errors:${lines}`);
});

test('a key given twice is refused', () => {
  expect(errorOf('creation_rules:\n  - age: x\n    age: y')).toBe(
    'error loading config: Could not unmarshal config file: yaml: unmarshal errors:\n  line 3: mapping key "age" already defined at line 2',
  );
});

test('what is not YAML is refused', () => {
  expect(errorOf('creation_rules: [')).toBe(
    'error loading config: Could not unmarshal config file: yaml: line 1: did not find expected node content',
  );
});

test('no error shows a value', () => {
  const secret = 'hunter2';
  for (const text of [
    `creation_rules: ${secret}`,
    `stores: {json: {indent: ${secret}}}`,
    `creation_rules: [{shamir_threshold: "${secret}"}]`,
    secret,
    `- ${secret}`,
    `creation_rules: [${secret}`,
  ]) {
    expect(errorOf(text)).toMatch(/^error loading config: (?!.*hunter2)/s);
  }
});

test('keys that mean nothing give a warning, with what was probably meant', () => {
  const text = `creation_rules:
  - encryptd_regex: foo
    pathRegex: x
    hc_vault: a
    name: hello
    key_groups: [{aeg: [], kms: [{arm: x}]}]
destination_rulez: []
stores: {jsn: {}, yaml: {indents: 2}}
keys: []
x-anchors: {}
`;
  expect(loadConfig(text).warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '2 unknown key "encryptd_regex" in a creation rule (did you mean "encrypted_regex"?)',
    '3 unknown key "pathRegex" in a creation rule (did you mean "path_regex"?)',
    '4 unknown key "hc_vault" in a creation rule (did you mean "hc_vault_transit_uri"?)',
    '5 unknown key "name" in a creation rule',
    '6 unknown key "aeg" in a key group (did you mean "age"?)',
    '6 unknown key "arm" in a kms key (did you mean "arn"?)',
    '7 unknown key "destination_rulez" in the configuration (did you mean "destination_rules"?)',
    '8 unknown key "jsn" in stores (did you mean "json"?)',
    '8 unknown key "indents" in the yaml store (did you mean "indent"?)',
  ]);
});

test('groups merged a thousand levels deep are read', () => {
  const depth = 1000;
  const text = `creation_rules: [{key_groups: [${'{merge: ['.repeat(depth)}{age: [a]}${']}'.repeat(depth)}]}]`;
  let [group] = firstRule(text).keyGroups;
  for (let level = 0; level < depth; level++) group = group?.merge[0];
  expect(group).toEqual({ merge: [], keys: new Map([['age', ['a']]]) });
});
