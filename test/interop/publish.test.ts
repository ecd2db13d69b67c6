import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreationSettings } from '../../src/core/config/creation-rule.ts';
import type { Environment } from '../../src/core/document/file.ts';
import { openFile, readEncrypted } from '../../src/core/document/file.ts';
import type { FormatName } from '../../src/core/formats/format.ts';
import { formatOf } from '../../src/core/formats/formats.ts';
import { createAgeKeyService } from '../../src/core/keys/age/age-key-service.ts';
import { portableAge } from '../../src/core/keys/age/portable-age.ts';
import { keyTypeOf } from '../../src/core/keys/key-types.ts';
import { nodeCrypto } from '../../src/node/crypto.ts';
import { recreateFile } from '../../src/node/publish/recreate-file.ts';
import { vaultData } from '../../src/node/publish/vault-data.ts';
import { uploadToVault } from '../../src/node/publish/vault-upload.ts';
import type { OpenBao } from '../servers/openbao.ts';
import { describeWithOpenBao, startOpenBao } from '../servers/openbao.ts';
import { describeWithReference, newAgeKey, runReference } from './reference.ts';

/** What both programs can publish: lists without maps in them. */
const FILES: [name: string, format: FormatName, content: string][] = [
  [
    'app.yaml',
    'yaml',
    'a: 1\nb: 1.5\nc: "1"\nd: true\ne: null\nf: {g: [1, x, [2.5]]}\nh: 2001-02-03T04:05:06Z\n# c\ni: 1e3\n',
  ],
  ['two.yaml', 'yaml', 'a: 1\nb: {c: 1}\n---\nb: {d: 2}\n'],
  ['app.json', 'json', '{"a": 1, "b": {"c": [true, null, "x"]}, "d": 1.25}'],
  ['app.env', 'dotenv', '# comment\nA=1\nB="two"\n'],
  ['app.ini', 'ini', 'a = 1\n\n[section]\nb = two\n'],
  ['note.txt', 'binary', 'text\nof two lines'],
];

function environmentOf(...identities: string[]): Environment {
  return { crypto: nodeCrypto, services: [createAgeKeyService(portableAge, identities)], now: () => new Date() };
}

describeWithReference('publish', (program) => {
  const { identity, recipient } = newAgeKey();
  const other = newAgeKey();
  const environment = environmentOf(identity);

  function encrypted(name: string, content: string): Buffer {
    return runReference(program, ['encrypt', '--age', recipient, name], { [name]: content }, {});
  }

  describeWithOpenBao('to Vault', () => {
    let bao: OpenBao;
    let folder = '';

    beforeAll(async () => {
      bao = await startOpenBao();
      folder = mkdtempSync(path.join(tmpdir(), 'publish-'));
      writeFileSync(path.join(folder, '.sops.yaml'), 'destination_rules: [{vault_path: theirs}]\n');
    });

    afterAll(async () => {
      await bao.stop();
      rmSync(folder, { recursive: true });
    });

    test.each(FILES)('%s gets the data that the reference writes', async (name, format, content) => {
      const source = encrypted(name, content);
      writeFileSync(path.join(folder, name), source);
      const env = { VAULT_ADDR: bao.address, VAULT_TOKEN: bao.token };
      execFileSync(program, ['publish', '-y', name], { cwd: folder, env: { ...env, SOPS_AGE_KEY: identity } });
      const opened = await openFile(readEncrypted(source, formatOf(format)), environment);
      const secret = { address: bao.address, path: `secret/data/ours/${name}`, kvVersion: 2 } as const;
      const warn = (problem: string): Promise<void> => Promise.reject(new Error(problem));
      expect(await uploadToVault(secret, vaultData(opened.tree), env, warn)).toBe('written');
      const [ours, theirs] = await Promise.all(
        ['ours', 'theirs'].map(async (place) => {
          const answer = await bao.call('GET', `secret/data/${place}/${name}`);
          return (answer as { data: { data: unknown } }).data.data;
        }),
      );
      expect(theirs).toBeDefined();
      expect(ours).toEqual(theirs);
    });
  });

  describe('with a recreation rule', () => {
    function ruleFor(settings: Partial<CreationSettings>): CreationSettings {
      const keys = keyTypeOf('age').parseList(other.recipient);
      return { keyGroups: [keys], shamirThreshold: 0, selection: {}, macOnlyEncrypted: false, ...settings };
    }

    async function recreated(
      name: string,
      format: FormatName,
      content: string,
      rule: CreationSettings,
    ): Promise<string> {
      const opened = await openFile(readEncrypted(encrypted(name, content), formatOf(format)), environment);
      return Buffer.from(await recreateFile(opened, rule, {}, environment)).toString();
    }

    test.each(FILES)('%s is for the new keys alone, and reads as before', async (name, format, content) => {
      const text = await recreated(name, format, content, ruleFor({}));
      const decrypt = (key: string): string =>
        runReference(program, ['decrypt', name], { [name]: text }, { SOPS_AGE_KEY: key }).toString();
      const before = runReference(
        program,
        ['decrypt', name],
        { [name]: encrypted(name, content) },
        { SOPS_AGE_KEY: identity },
      );
      expect(decrypt(other.identity)).toBe(before.toString());
      expect(() => decrypt(identity)).toThrow('exit 128');
    });

    test.each<[string, Partial<CreationSettings>, RegExp]>([
      ['the default suffix', {}, /^a: ENC.*\nb_unencrypted: clear\n[^]*\n {4}unencrypted_suffix: _unencrypted\n/],
      [
        'a regex',
        { selection: { encrypted_regex: '^a$' } },
        /^a: ENC.*\nb_unencrypted: clear\n[^]*\n {4}encrypted_regex: \^a\$\n/,
      ],
      ['a suffix', { selection: { encrypted_suffix: '_unencrypted' } }, /^a: x\nb_unencrypted: ENC/],
      ['mac_only_encrypted', { macOnlyEncrypted: true }, /\n {4}mac_only_encrypted: true\n/],
    ])('%s counts, and the reference accepts the MAC', async (_name, settings, expected) => {
      const content = 'a: x\nb_unencrypted: clear\n';
      const text = await recreated('app.yaml', 'yaml', content, ruleFor(settings));
      expect(text).toMatch(expected);
      const plain = runReference(
        program,
        ['decrypt', 'app.yaml'],
        { 'app.yaml': text },
        { SOPS_AGE_KEY: other.identity },
      );
      expect(plain.toString()).toBe(content);
    });
  });
});
