import type { KeyType } from '../key-type.ts';
import { alwaysText, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';
import { parseAgeRecipient } from './age-recipient.ts';

/** age keys: a recipient, which has no creation date. Upstream: `age/keysource.go`. */
export const ageKeyType: KeyType = {
  name: 'age',
  metadataFields: alwaysText('enc', 'recipient'),
  listedWhenEmpty: true,
  config: { rule: 'age', ruleForm: 'text-or-list', errorName: 'age', group: 'age', groupEntry: undefined },
  flag: 'age',
  environmentVariable: 'SOPS_AGE_RECIPIENTS',
  serviceLabel: 'age key with recipient',
  text: (key) => textField(key, 'recipient'),
  parseList: ageKeys,
  parseGroupEntry: (entry) => ageKeys(entryText(entry, 'recipient')),
};

function ageKeys(list: string): MasterKey[] {
  if (list === '') return [];
  return list.split(',').map((entry) => ({
    type: 'age',
    fields: { recipient: parseAgeRecipient(entry).text },
    enc: '',
  }));
}
