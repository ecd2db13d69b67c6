import { SopsError } from '../../errors.ts';
import type { KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';
import { quoted } from '../quoted.ts';

/** Azure Key Vault keys: a vault, a name, a version. Upstream: `azkv/keysource.go`. */
export const azureKvKeyType: KeyType = {
  name: 'azure_kv',
  metadataFields: alwaysText('created_at', 'enc', 'name', 'vault_url', 'version'),
  listedWhenEmpty: false,
  config: {
    rule: 'azure_keyvault',
    ruleForm: 'text-or-list',
    errorName: 'azure_keyvault',
    group: 'azure_keyvault',
    groupEntry: [
      { name: 'vaultUrl', form: 'text' },
      { name: 'key', form: 'text' },
      { name: 'version', form: 'text' },
    ],
  },
  flag: 'azure-kv',
  environmentVariable: 'SOPS_AZURE_KEYVAULT_URLS',
  serviceLabel: 'Azure Key Vault key with URL',
  text: (key) => `${textField(key, 'vault_url')}/keys/${textField(key, 'name')}/${textField(key, 'version')}`,
  parseList: (list, options = {}) => (list === '' ? [] : list.split(',').map((entry) => keyFromUrl(entry, options))),
  parseGroupEntry: (entry, options = {}) => [
    azureKvKey(entryText(entry, 'vaultUrl'), entryText(entry, 'key'), entryText(entry, 'version'), options),
  ],
};

function keyFromUrl(text: string, options: KeyParseOptions): MasterKey {
  const url = text.trim();
  const [, vault, name, version] = /^(https:\/\/[^/]+)\/keys\/([^/]+)(\/[^/]*)?$/.exec(url) ?? [];
  if (vault === undefined || name === undefined) {
    // The empty brackets are the list of matches that upstream prints here.
    throw new SopsError('invalid-key', `could not parse ${quoted(url)} into a valid Azure Key Vault MasterKey []`);
  }
  return azureKvKey(vault, name, (version ?? '').slice(1), options);
}

function azureKvKey(vault: string, name: string, version: string, options: KeyParseOptions): MasterKey {
  if (version === '') {
    throw new SopsError(
      'invalid-key',
      `no version given for Azure Key Vault key ${quoted(`${vault}/keys/${name}`)}: looking up the current version is not supported yet`,
      { hint: 'Write the version behind the name: https://VAULT/keys/NAME/VERSION' },
    );
  }
  return {
    type: 'azure_kv',
    fields: { vault_url: vault, name, version },
    enc: '',
    createdAt: creationDate(options),
  };
}
