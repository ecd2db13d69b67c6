import { expect, test } from 'vitest';
import type { DestinationSettings } from '../../../src/core/config/destination-rule.ts';
import { findDestinationRule, settingsOfDestinationRule } from '../../../src/core/config/destination-rule.ts';
import { loadConfig } from '../../../src/core/config/load-config.ts';
import { SopsError } from '../../../src/core/errors.ts';

async function settingsFor(path: string, rules: string): Promise<DestinationSettings> {
  return settingsOfDestinationRule(await findDestinationRule(loadConfig(`destination_rules:\n${rules}`), path));
}

test('the first rule that matches the path as given says where a file goes', async () => {
  const rules = `
  - {path_regex: ^s3/, s3_bucket: b, s3_prefix: p, omit_extensions: true}
  - {path_regex: ^gcs/, gcs_bucket: b}
  - {path_regex: ^none/}
  - {vault_path: v, vault_address: a, vault_kv_mount_name: m, vault_kv_version: 1, recreation_rule: {pgp: [f]}}
`;
  const noSettings = { keyGroups: [[]], shamirThreshold: 0, selection: {}, macOnlyEncrypted: false };
  expect(await settingsFor('s3/x', rules)).toEqual({
    destination: { kind: 's3', bucket: 'b', prefix: 'p' },
    omitExtensions: true,
    recreation: noSettings,
    recreates: false,
  });
  expect((await settingsFor('gcs/x', rules)).destination).toEqual({ kind: 'gcs', bucket: 'b', prefix: '' });
  expect((await settingsFor('none/x', rules)).destination).toBe(undefined);
  const vault = await settingsFor('./s3/x', rules);
  expect(vault.destination).toEqual({ kind: 'vault', address: 'a', path: 'v', mountName: 'm', kvVersion: 1 });
  expect(vault.recreates).toBe(true);
});

test.each([
  ['no rule matches', '  - path_regex: b', 'error loading config: no matching destination found in config'],
  ['there is no rule', '', 'error loading config: no matching destination found in config'],
  [
    'a regex that is reached does not compile',
    "  - path_regex: '('\n  - s3_bucket: b",
    'can not compile regexp: error parsing regexp: missing closing ): `(`',
  ],
  [
    'a rule has two destinations',
    '  - {s3_bucket: a, vault_path: b}',
    'error loading config: more than one destinations were found in a single destination rule, you can only use one per rule',
  ],
])('it is an error when %s', async (_case, rules, message) => {
  await expect(settingsFor('a', rules)).rejects.toThrow(new SopsError('invalid-config', message));
});
