import type { KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';

/** GCP KMS keys: a resource ID. Upstream: `gcpkms/keysource.go`. */
export const gcpKmsKeyType: KeyType = {
  name: 'gcp_kms',
  metadataFields: alwaysText('created_at', 'enc', 'resource_id'),
  listedWhenEmpty: false,
  config: {
    rule: 'gcp_kms',
    ruleForm: 'text-or-list',
    errorName: 'gcpkms',
    group: 'gcp_kms',
    groupEntry: [{ name: 'resource_id', form: 'text' }],
  },
  flag: 'gcp-kms',
  environmentVariable: 'SOPS_GCP_KMS_IDS',
  serviceLabel: 'GCP KMS key with resource ID',
  text: (key) => textField(key, 'resource_id'),
  parseList: (list, options = {}) => (list === '' ? [] : list.split(',').map((entry) => gcpKmsKey(entry, options))),
  parseGroupEntry: (entry, options = {}) => [gcpKmsKey(entryText(entry, 'resource_id'), options)],
};

function gcpKmsKey(resourceId: string, options: KeyParseOptions): MasterKey {
  return {
    type: 'gcp_kms',
    fields: { resource_id: resourceId.replaceAll(' ', '') },
    enc: '',
    createdAt: creationDate(options),
  };
}
