import type { KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';

/** PGP keys: a fingerprint, kept as written but for blanks. Upstream: `pgp/keysource.go`. */
export const pgpKeyType: KeyType = {
  name: 'pgp',
  metadataFields: alwaysText('created_at', 'enc', 'fp'),
  listedWhenEmpty: false,
  config: { rule: 'pgp', ruleForm: 'text-or-list', errorName: 'pgp', group: 'pgp', groupEntry: undefined },
  flag: 'pgp',
  environmentVariable: 'SOPS_PGP_FP',
  serviceLabel: 'PGP key with fingerprint',
  text: (key) => textField(key, 'fp'),
  // Empty entries are kept, as upstream keeps them; they fail when the data key is wrapped.
  parseList: (list, options = {}) => (list === '' ? [] : list.split(',').map((entry) => pgpKey(entry, options))),
  parseGroupEntry: (entry, options = {}) => [pgpKey(entryText(entry, 'fp'), options)],
};

function pgpKey(fingerprint: string, options: KeyParseOptions): MasterKey {
  return { type: 'pgp', fields: { fp: fingerprint.replaceAll(' ', '') }, enc: '', createdAt: creationDate(options) };
}
