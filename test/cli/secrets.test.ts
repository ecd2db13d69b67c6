import { expect, test } from 'vitest';
import { MemoryHost } from './memory-host.ts';
import { ALICE_IDENTITY as AGE, ALICE, ENCRYPTED_JSON } from './recorded.ts';

const BODY = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU/AAA+AAAA==';
const BLOCK = `-----BEGIN OPENSSH PRIVATE KEY-----\n${BODY}\n${BODY}\n-----END OPENSSH PRIVATE KEY-----`;
const PLUGIN = 'AGE-PLUGIN-YUBIKEY-1QQPQZRY9X8GF2TVDW';
const SECRETS = [AGE, AGE.toLowerCase(), `AGE-SECRET-KEY-PQ-1${'QPZRY9X8'.repeat(8)}`, PLUGIN, BLOCK];
const PARTS = [AGE.slice(16, 40), AGE.slice(16, 40).toLowerCase(), 'QPZRY9X8', 'QQPQZRY9X8', BODY.slice(0, 20)];

/** Where a secret key may stand by mistake: arguments, and variables. */
function commandLines(secret: string): { argv: string[]; env?: Record<string, string> }[] {
  const flagged = ['age', 'pgp', 'kms', 'gcp-kms', 'azure-kv', 'hc-vault-transit', 'hckms', 'output', 'config'];
  const decrypt = ['decrypt', 's.json'];
  return [
    ...flagged.map((name) => ({ argv: ['encrypt', `--${name}`, secret, 'p.json'] })),
    ...['pgp', 'kms', 'hckms'].map((name) => ({ argv: ['rotate', `--add-${name}`, secret, 's.json'] })),
    ...['age', 'pgp', 'hckms'].map((name) => ({ argv: ['groups', 'add', '-f', 's.json', `--${name}`, secret] })),
    { argv: ['encrypt', '--age', ALICE, '--output', secret, 'p.json'] },
    { argv: ['encrypt', '--age', ALICE, '--output', `${secret}/x`, 'p.json'] },
    { argv: ['encrypt', '--age', ALICE, '--filename-override', secret, 'p.json'] },
    { argv: ['keygen', '-y', secret] },
    { argv: ['keygen', '-o', `${secret}/x`] },
    { argv: ['decrypt', secret] },
    { argv: ['decrypt', '--', secret] },
    { argv: ['decrypt', 's.json', 'x', secret] },
    { argv: ['decrypt', `--${secret}`, 's.json'] },
    { argv: ['decrypt', '--ignore-mac', secret] },
    { argv: ['decrypt', `--ignore-mac=${secret}`, 's.json'] },
    { argv: ['decrypt', '--extract', secret, 's.json'] },
    { argv: ['decrypt', '--decryption-order', secret, 's.json'] },
    { argv: ['decrypt', '--keyservice', secret, 's.json'] },
    { argv: ['set', 's.json', secret, '1'] },
    { argv: ['unset', 's.json', secret] },
    { argv: ['edit', secret] },
    { argv: ['publish', secret] },
    { argv: ['updatekeys', secret] },
    { argv: ['filestatus', secret] },
    { argv: ['exec-env', secret, 'true'] },
    { argv: ['exec-file', secret, 'true'] },
    { argv: ['help', secret] },
    { argv: ['groups', 'delete', '-f', 's.json', secret] },
    { argv: ['completion', secret] },
    { argv: [secret] },
    { argv: ['-d', secret] },
    { argv: [`--${secret}`] },
    ...['SOPS_AGE_KEY_FILE', 'SOPS_AGE_KEY_CMD', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD'].map(
      (name) => ({ argv: decrypt, env: { [name]: secret } }),
    ),
    { argv: decrypt, env: { SOPS_AGE_KEY: `${secret.slice(0, -1)}b` } },
    { argv: decrypt, env: { SOPS_CONFIG: secret } },
    { argv: decrypt, env: { SOPS_ENABLE_LOCAL_KEYSERVICE: secret } },
    { argv: decrypt, env: { SOPS_KEYSERVICE: secret } },
    { argv: decrypt, env: { SOPS_DECRYPTION_ORDER: secret } },
    { argv: ['encrypt', 'p.json'], env: { SOPS_PGP_FP: secret } },
    { argv: ['edit', 'new.json'], env: { SOPS_AGE_RECIPIENTS: ALICE, SOPS_EDITOR: secret } },
  ];
}

test('no message shows a secret key, wherever it was given by mistake', { timeout: 120_000 }, async () => {
  const shown: string[] = [];
  for (const secret of SECRETS) {
    for (const stderr of [false, true]) {
      for (const { argv, env = {} } of commandLines(secret)) {
        const files = { 's.json': ENCRYPTED_JSON, 'p.json': '{"a": "b"}', '.sops.yaml': 'creation_rules: []\n' };
        const result = await new MemoryHost({ env: { NO_COLOR: '1', ...env }, tty: { stderr }, files }).run(...argv);
        const text = result.stdout + result.stderr;
        if (PARTS.some((part) => text.includes(part))) shown.push(`${Object.keys(env)} ${argv.join(' ')}: ${text}`);
      }
    }
  }
  expect(shown).toEqual([]);
});

test('what stood there is said instead', async () => {
  const run = async (...argv: string[]): Promise<string> => (await new MemoryHost().run(...argv)).stderr;
  expect(await run('keygen', '-y', AGE)).toBe(
    'failed to open input file "<age secret key>": open <age secret key>: no such file or directory\n',
  );
  expect(await run('decrypt', `--${AGE}`)).toContain('msg="flag provided but not defined: -<age secret key>"');
});

test('a new secret key goes to stdout as it is', async () => {
  const { stdout } = await new MemoryHost().run('keygen');
  expect(stdout).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/m);
});
