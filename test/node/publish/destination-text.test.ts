import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/core/config/destination-rule.ts';
import { destinationName, destinationText } from '../../../src/node/publish/destination-text.ts';

const vault = (settings: Partial<Extract<Destination, { kind: 'vault' }>>): Destination => ({
  kind: 'vault',
  address: '',
  path: 'team',
  mountName: '',
  kvVersion: 0,
  ...settings,
});

describe('the name of a destination', () => {
  test.each<[string, Destination, Record<string, string>, string]>([
    ['S3', { kind: 's3', bucket: 'b', prefix: 'pre-' }, {}, 's3://b/pre-f.yaml'],
    ['GCS', { kind: 'gcs', bucket: 'b', prefix: '' }, {}, 'gcs://b/f.yaml'],
    ['Vault, version 2 by default', vault({}), {}, 'https://127.0.0.1:8200/v1/secret/data/team/f.yaml'],
    ['Vault with another version', vault({ kvVersion: 3 }), {}, 'https://127.0.0.1:8200/v1/secret/data/team/f.yaml'],
    ['Vault, version 1', vault({ kvVersion: 1, mountName: 'kv' }), {}, 'https://127.0.0.1:8200/v1/kv/team/f.yaml'],
    ['Vault with slashes', vault({ path: 'a/', mountName: 'kv/' }), {}, 'https://127.0.0.1:8200/v1/kv/data/a/f.yaml'],
    ['Vault of VAULT_ADDR', vault({}), { VAULT_ADDR: 'http://v:1' }, 'http://v:1/v1/secret/data/team/f.yaml'],
    [
      'Vault of the rule',
      vault({ address: 'http://w:1' }),
      { VAULT_ADDR: 'http://v:1', VAULT_AGENT_ADDR: 'http://a:1' },
      'http://w:1/v1/secret/data/team/f.yaml',
    ],
    [
      'the agent of Vault',
      vault({}),
      { VAULT_ADDR: 'http://v:1', VAULT_AGENT_ADDR: 'http://a:1' },
      'http://a:1/v1/secret/data/team/f.yaml',
    ],
  ])('%s', (_name, destination, env, expected) => {
    expect(destinationText(destination, 'f.yaml', env)).toBe(expected);
  });
});

describe('the name of a file at its destination', () => {
  test.each<[string, string | undefined, boolean, string]>([
    ['/w/dir/app.prod.yaml', undefined, false, 'app.prod.yaml'],
    ['/w/dir/app.prod.yaml', undefined, true, 'app.prod'],
    ['/w/dir/app', undefined, true, 'app'],
    ['/w/dir.d/app', undefined, true, 'app'],
    ['/w/.env', undefined, true, '.env'],
    ['s3/a/b.yaml', 's3/', false, 'a/b.yaml'],
    ['s3/a.d/b', 's3', true, 'a.d/b'],
    ['a/x.yaml', './a', false, 'x.yaml'],
    ['x.yaml', '.', false, 'x.yaml'],
  ])('of %s below %s is (extension left out: %s) %s', (path, root, omitsExtension, expected) => {
    expect(destinationName(path, root, omitsExtension)).toBe(expected);
  });
});
