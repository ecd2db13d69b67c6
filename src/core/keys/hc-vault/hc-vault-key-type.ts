import { SopsError } from '../../errors.ts';
import type { KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';
import { quoted } from '../quoted.ts';

/** HashiCorp Vault transit keys: an address, an engine path, a name. Upstream: `hcvault/keysource.go`. */
export const hcVaultKeyType: KeyType = {
  name: 'hc_vault',
  metadataFields: alwaysText('created_at', 'enc', 'engine_path', 'key_name', 'vault_address'),
  listedWhenEmpty: true,
  config: {
    rule: 'hc_vault_transit_uri',
    ruleForm: 'text-or-list',
    errorName: 'vault',
    group: 'hc_vault',
    groupEntry: undefined,
  },
  flag: 'hc-vault-transit',
  environmentVariable: 'SOPS_VAULT_URIS',
  serviceLabel: 'Hashicorp Vault key with URI',
  text: (key) =>
    `${textField(key, 'vault_address')}/v1/${textField(key, 'engine_path')}/keys/${textField(key, 'key_name')}`,
  parseList: (list, options = {}) =>
    list
      .split(',')
      .filter((entry) => entry !== '')
      .map((entry) => keyFromUri(entry, options)),
  parseGroupEntry: (entry, options = {}) => [keyFromUri(entryText(entry, 'uri'), options)],
};

const example = 'https://vault.example.com:8200/v1/transit/keys/keyName';

function keyFromUri(uri: string, options: KeyParseOptions): MasterKey {
  const { address, path } = splitUri(uri);
  if (/\/[^/]+\/v\d+\/[^/]+\/[^/]+\/[^/]+/.test(path)) {
    throw new SopsError(
      'invalid-key',
      `running Vault with a prefixed URL is not supported! (Format has to be like ${example})`,
    );
  }
  if (!/\/v\d+\/[^/]+\/[^/]+\/[^/]+/.test(path)) {
    throw new SopsError('invalid-key', `vault path does not seem to be formatted correctly: (eg. ${example})`);
  }
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  return {
    type: 'hc_vault',
    fields: {
      vault_address: address,
      engine_path: joinPath(segments.slice(1, -2)),
      key_name: segments.at(-1) ?? '',
    },
    enc: '',
    createdAt: creationDate(options),
  };
}

/**
 * Splits as Go's `url.Parse`, `RequestURI` and `String` do: the path keeps its query, the address is everything but the path,
 * query included.
 */
function splitUri(uri: string): { address: string; path: string } {
  const invalid = (reason: string): SopsError => new SopsError('invalid-key', `parse ${quoted(uri)}: ${reason}`);
  if (/[\x00-\x1f\x7f]/.test(uri)) throw invalid('net/url: invalid control character in URL');
  const [, before = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(uri) ?? [];
  if (before.startsWith(':')) throw invalid('missing protocol scheme');
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(before) ?? [];
  if (scheme === undefined) {
    if (/^[^/]*:/.test(before)) throw invalid('first path segment in URL cannot contain colon');
    throw new SopsError('invalid-key', `missing scheme in Vault URL (should be like this: +${example}), got: ${uri}`);
  }
  const [, authorityAndPath = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(rest) ?? [];
  const suffix = (query === '?' ? '?' : query) + fragment;
  if (!authorityAndPath.startsWith('/')) {
    // Without a slash behind the scheme ("localhost:8200/v1/…") Go takes all of it for the path and for the address.
    return { address: `${scheme.toLowerCase()}:${authorityAndPath}${suffix}`, path: authorityAndPath + query };
  }
  const [, authority = '', path = ''] = /^(\/\/[^/]*)?(.*)$/s.exec(authorityAndPath) ?? [];
  const port = /:([^:\]]*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) throw invalid(`invalid port ${quoted(`:${port}`)} after host`);
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) {
    throw invalid(`invalid URL escape ${quoted(/%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(path)?.[0] ?? '')}`);
  }
  return { address: `${scheme.toLowerCase()}:${authority}${suffix}`, path: (path || '/') + query };
}

/** Joins as Go's `path.Join`: no empty segments, `.` and `..` resolved. */
function joinPath(segments: readonly string[]): string {
  const out: string[] = [];
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else out.push(segment);
  }
  return out.join('/');
}
