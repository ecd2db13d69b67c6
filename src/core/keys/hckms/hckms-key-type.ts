import { SopsError } from '../../errors.ts';
import type { KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';
import { quoted } from '../quoted.ts';

/** HuaweiCloud KMS keys: `region:uuid`. Upstream: `hckms/keysource.go`. */
export const hckmsKeyType: KeyType = {
  name: 'hckms',
  metadataFields: alwaysText('created_at', 'enc', 'key_id'),
  listedWhenEmpty: false,
  config: {
    rule: 'hckms',
    ruleForm: 'list',
    errorName: 'hckms',
    group: 'hckms',
    groupEntry: [{ name: 'key_id', form: 'text' }],
  },
  flag: 'hckms',
  environmentVariable: 'SOPS_HUAWEICLOUD_KMS_IDS',
  serviceLabel: 'HuaweiCloud KMS key with ID',
  text: (key) => textField(key, 'key_id'),
  parseList: (list, options = {}) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => hckmsKey(entry, options)),
  parseGroupEntry: (entry, options = {}) => [hckmsKey(entryText(entry, 'key_id'), options)],
  checkLoaded(key) {
    const problem = hckmsKeyIdProblem(textField(key, 'key_id'));
    if (problem !== undefined) throw new SopsError('invalid-metadata', problem);
  },
};

/** What names the region and the key in a key ID. Undefined when it is malformed. */
export function splitHckmsKeyId(keyId: string): { region: string; uuid: string } | undefined {
  const colon = keyId.indexOf(':');
  const region = keyId.slice(0, Math.max(colon, 0)).trim();
  const uuid = keyId.slice(colon + 1).trim();
  return colon < 0 || region === '' || uuid === '' ? undefined : { region, uuid };
}

function hckmsKeyIdProblem(keyId: string): string | undefined {
  if (splitHckmsKeyId(keyId) !== undefined) return undefined;
  const trimmed = keyId.trim();
  if (!trimmed.includes(':')) return `invalid key ID format: expected 'region:key-uuid', got ${quoted(trimmed)}`;
  const missing = trimmed.slice(0, trimmed.indexOf(':')).trim() === '' ? 'region' : 'key UUID';
  return `${missing} cannot be empty in key ID: ${quoted(trimmed)}`;
}

function hckmsKey(keyId: string, options: KeyParseOptions): MasterKey {
  const problem = hckmsKeyIdProblem(keyId);
  if (problem !== undefined) throw new SopsError('invalid-key', problem);
  return { type: 'hckms', fields: { key_id: keyId }, enc: '', createdAt: creationDate(options) };
}
