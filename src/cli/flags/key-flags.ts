/** The flags that name master keys, made from the registry of key types. Upstream: the flags of `main.go` for each cloud. */
import type { KeyType } from '../../core/keys/key-type.ts';
import { keyTypesInFlags } from '../../core/keys/key-types.ts';
import type { KeyTypeName } from '../../core/keys/master-key.ts';
import type { Flag, ListFlag, StringFlag } from './flag.ts';

/** What the command line calls the keys of one type. */
export interface KeyFlags {
  readonly type: KeyType;
  /** `encrypt --age`: a comma list. */
  readonly use: StringFlag;
  /** `rotate --add-age`: a comma list. */
  readonly add: StringFlag;
  /** `rotate --rm-age`: a comma list. */
  readonly remove: StringFlag;
  /** `groups add --age`: given once for each key. */
  readonly group: ListFlag;
}

interface KeyWords {
  readonly short?: string;
  readonly one: string;
  readonly many: string;
  readonly placeholder: string;
}

const WORDS: Readonly<Record<KeyTypeName, KeyWords>> = {
  kms: { short: 'k', one: 'AWS KMS key ARN', many: 'AWS KMS key ARNs', placeholder: 'ARN' },
  gcp_kms: { one: 'Google Cloud KMS resource ID', many: 'Google Cloud KMS resource IDs', placeholder: 'ID' },
  hckms: {
    one: 'Huawei Cloud KMS key, as region:uuid',
    many: 'Huawei Cloud KMS keys, each as region:uuid',
    placeholder: 'KEY',
  },
  azure_kv: { one: 'Azure Key Vault key URL', many: 'Azure Key Vault key URLs', placeholder: 'URL' },
  pgp: { short: 'p', one: 'PGP fingerprint', many: 'PGP fingerprints', placeholder: 'FINGERPRINT' },
  hc_vault: {
    one: 'Vault transit key URI (https://host:8200/v1/transit/keys/name)',
    many: 'Vault transit key URIs (https://host:8200/v1/transit/keys/name)',
    placeholder: 'URI',
  },
  age: {
    short: 'a',
    one: 'age recipient (age1..., an SSH public key, a plugin recipient)',
    many: 'age recipients (age1..., SSH public keys, plugin recipients)',
    placeholder: 'RECIPIENT',
  },
};

/** Every key type's flags, in the order in which the keys of a new file are listed. */
export const KEY_FLAGS: readonly KeyFlags[] = keyTypesInFlags.map(keyFlags);

/** The flags of `encrypt` and `edit` that name keys. */
export const USE_KEY_FLAGS: readonly Flag[] = KEY_FLAGS.map((kind) => kind.use);

/** The flags of `rotate` that add or remove keys. */
export const CHANGE_KEY_FLAGS: readonly Flag[] = KEY_FLAGS.flatMap((kind) => [kind.add, kind.remove]);

/** The flags of `groups add` that name keys. */
export const GROUP_KEY_FLAGS: readonly Flag[] = KEY_FLAGS.map((kind) => kind.group);

function keyFlags(type: KeyType): KeyFlags {
  const words = WORDS[type.name];
  const name = type.flag;
  const list = { aliases: [], initial: '', type: 'string', placeholder: `${words.placeholder},...` } as const;
  return {
    type,
    use: {
      ...list,
      name,
      aliases: words.short === undefined ? [] : [words.short],
      env: type.environmentVariable,
      section: 'Keys',
      description: `Encrypt for these ${words.many}, comma-separated`,
    },
    add: {
      ...list,
      name: `add-${name}`,
      section: 'Keys to add or remove',
      description: `Add these ${words.many}, comma-separated`,
    },
    remove: {
      ...list,
      name: `rm-${name}`,
      section: 'Keys to add or remove',
      description: `Remove these ${words.many}, comma-separated`,
    },
    group: {
      type: 'list',
      name,
      aliases: [],
      placeholder: words.placeholder,
      section: 'Keys',
      description: `Put this ${words.one} into the group; may be given again`,
    },
  };
}
