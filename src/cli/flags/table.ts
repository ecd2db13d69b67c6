/**
 * Every flag of the command line but those of single key types (`key-flags.ts`). Parsing, help, completion and the man page
 * read these; a command lists the ones it takes.
 */
import type { BooleanFlag, Flag, FlagSection, IntegerFlag, ListFlag, StringFlag } from './flag.ts';

interface Extra {
  aliases?: readonly string[];
  env?: string;
  hidden?: boolean;
}

interface TextExtra extends Extra {
  initial?: string;
  values?: readonly string[];
}

function boolean(
  name: string,
  section: FlagSection,
  description: string,
  extra: Extra & { initial?: boolean } = {},
): BooleanFlag {
  return { type: 'boolean', name, section, description, aliases: [], initial: false, ...extra };
}

function integer(name: string, section: FlagSection, description: string): IntegerFlag {
  return { type: 'integer', name, section, description, aliases: [], initial: 0, placeholder: 'N' };
}

function text(
  name: string,
  placeholder: string,
  section: FlagSection,
  description: string,
  extra: TextExtra = {},
): StringFlag {
  return { type: 'string', name, section, description, aliases: [], initial: '', placeholder, ...extra };
}

function list(
  name: string,
  placeholder: string,
  section: FlagSection,
  description: string,
  extra: Extra = {},
): ListFlag {
  return { type: 'list', name, section, description, aliases: [], placeholder, ...extra };
}

const FORMATS = ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const;

export const HELP: BooleanFlag = boolean('help', 'General', 'Show this help', { aliases: ['h'] });
export const VERSION: BooleanFlag = boolean('version', 'General', 'Print the version', { aliases: ['v'] });
export const VERBOSE: BooleanFlag = boolean('verbose', 'General', 'Tell on stderr what is being done');
export const CONFIG: StringFlag = text(
  'config',
  'FILE',
  'General',
  'Use this configuration file instead of searching for .sops.yaml',
  { env: 'SOPS_CONFIG' },
);
export const DISABLE_VERSION_CHECK: BooleanFlag = boolean(
  'disable-version-check',
  'General',
  'Accepted for scripts; there is no version check',
  { env: 'SOPS_DISABLE_VERSION_CHECK' },
);
export const CHECK_FOR_UPDATES: BooleanFlag = boolean(
  'check-for-updates',
  'General',
  'Accepted for scripts; nothing is looked up on the network',
);
export const YES: BooleanFlag = boolean('yes', 'General', 'Do not ask, make the changes', { aliases: ['y'] });

export const IN_PLACE: BooleanFlag = boolean('in-place', 'Files and formats', 'Write the result back to the file', {
  aliases: ['i'],
});
export const OUTPUT: StringFlag = text('output', 'FILE', 'Files and formats', 'Write the result to this file');
export const INPUT_TYPE: StringFlag = text(
  'input-type',
  'FORMAT',
  'Files and formats',
  "Read as yaml, json, dotenv, ini or binary, whatever the file's name",
  { values: FORMATS },
);
export const OUTPUT_TYPE: StringFlag = text(
  'output-type',
  'FORMAT',
  'Files and formats',
  "Write as yaml, json, dotenv, ini or binary, whatever the file's name",
  { values: FORMATS },
);
export const FILENAME_OVERRIDE: StringFlag = text(
  'filename-override',
  'FILE',
  'Files and formats',
  'Take formats and creation rule from this name; needed for stdin',
);
export const INDENT: IntegerFlag = integer(
  'indent',
  'Files and formats',
  'Write YAML or JSON anew, indented by N spaces (JSON: -1 is a tab)',
);
export const CHECK: BooleanFlag = boolean(
  'check',
  'General',
  'Change nothing; exit with 1 when a file does not follow its rule',
);
export const GROUP_FILE: StringFlag = text('file', 'FILE', 'Files and formats', 'The encrypted file to change', {
  aliases: ['f'],
});
export const SHOW_MASTER_KEYS: BooleanFlag = boolean(
  'show-master-keys',
  'Files and formats',
  'Show the sops block in the editor too',
  { aliases: ['s'] },
);

export const AWS_PROFILE: StringFlag = text('aws-profile', 'NAME', 'Keys', 'The AWS profile for the AWS KMS keys');
export const ENCRYPTION_CONTEXT: StringFlag = text(
  'encryption-context',
  'KEY:VALUE,...',
  'Keys',
  'The encryption context for the AWS KMS keys',
);
export const THRESHOLD: IntegerFlag = integer(
  'shamir-secret-sharing-threshold',
  'Keys',
  'How many key groups are needed to decrypt',
);

export const UNENCRYPTED_SUFFIX: StringFlag = text(
  'unencrypted-suffix',
  'TEXT',
  'What to encrypt',
  'Leave values in clear whose key ends with this (default: _unencrypted)',
);
export const ENCRYPTED_SUFFIX: StringFlag = text(
  'encrypted-suffix',
  'TEXT',
  'What to encrypt',
  'Encrypt only values whose key ends with this',
);
export const UNENCRYPTED_REGEX: StringFlag = text(
  'unencrypted-regex',
  'REGEX',
  'What to encrypt',
  'Leave values in clear whose key matches',
);
export const ENCRYPTED_REGEX: StringFlag = text(
  'encrypted-regex',
  'REGEX',
  'What to encrypt',
  'Encrypt only values whose key matches',
);
export const UNENCRYPTED_COMMENT_REGEX: StringFlag = text(
  'unencrypted-comment-regex',
  'REGEX',
  'What to encrypt',
  'Leave values in clear whose comment matches',
);
export const ENCRYPTED_COMMENT_REGEX: StringFlag = text(
  'encrypted-comment-regex',
  'REGEX',
  'What to encrypt',
  'Encrypt only values whose comment matches',
);
export const MAC_ONLY_ENCRYPTED: BooleanFlag = boolean(
  'mac-only-encrypted',
  'What to encrypt',
  'Compute the MAC over the encrypted values alone',
);

export const EXTRACT: StringFlag = text(
  'extract',
  'PATH',
  'Decryption',
  `Print only the value at this path, such as '["database"]["hosts"][0]'`,
);
export const IGNORE_MAC: BooleanFlag = boolean(
  'ignore-mac',
  'Decryption',
  'Accept a file that was changed without sops (its MAC does not match)',
);
export const DECRYPTION_ORDER: StringFlag = text(
  'decryption-order',
  'TYPE,...',
  'Decryption',
  'Try key types in this order (default: age,pgp); also kms, gcp_kms, azure_kv, hc_vault, hckms',
  { env: 'SOPS_DECRYPTION_ORDER' },
);

export const IDEMPOTENT: BooleanFlag = boolean(
  'idempotent',
  'Files and formats',
  'Leave the file alone, without an error, where nothing would change',
);
export const VALUE_FILE: BooleanFlag = boolean(
  'value-file',
  'Files and formats',
  'The value arguments are files that hold the values',
);
export const VALUE_STDIN: BooleanFlag = boolean('value-stdin', 'Files and formats', 'Read the value from stdin');

export const VALUE_FILES: ListFlag = list(
  'file',
  'FILE',
  'Command to run',
  'Take values from this file; may be given again. The arguments are then a program and its arguments',
  { aliases: ['f'] },
);
export const BACKGROUND: BooleanFlag = boolean(
  'background',
  'Command to run',
  'Do not wait for the command (deprecated)',
);
export const PRISTINE: BooleanFlag = boolean(
  'pristine',
  'Command to run',
  'Give the command the decrypted values alone, not the present environment',
);
export const SAME_PROCESS: BooleanFlag = boolean(
  'same-process',
  'Command to run',
  'Let the command take the place of this process (from Node 22.15 on; else it is a child)',
);
export const USER: StringFlag = text('user', 'NAME', 'Command to run', 'Run the command as this user');
export const NO_FIFO: BooleanFlag = boolean('no-fifo', 'Command to run', 'Pass a regular file instead of a named pipe');
export const TEMPORARY_NAME: StringFlag = text(
  'filename',
  'NAME',
  'Command to run',
  'The name of the temporary file (default: tmp-file)',
);

export const OMIT_EXTENSIONS: BooleanFlag = boolean(
  'omit-extensions',
  'Files and formats',
  'Leave the file extension out of the name at the destination',
);
export const RECURSIVE: BooleanFlag = boolean('recursive', 'Files and formats', 'Publish every file of a folder');

export const NETWORK: StringFlag = text('network', 'NAME', 'Server', 'Listen on this kind of network: tcp or unix', {
  aliases: ['net'],
  initial: 'tcp',
  values: ['tcp', 'unix'],
});
export const ADDRESS: StringFlag = text('address', 'ADDRESS', 'Server', 'Listen on this address or socket path', {
  aliases: ['addr'],
  initial: '127.0.0.1:5000',
});
export const PROMPT: BooleanFlag = boolean('prompt', 'Server', 'Ask before every request is answered');

export const ENABLE_LOCAL_KEYSERVICE: BooleanFlag = boolean(
  'enable-local-keyservice',
  'Key services',
  "Use this machine's own keys (default: true)",
  { env: 'SOPS_ENABLE_LOCAL_KEYSERVICE', initial: true },
);
export const KEYSERVICE: ListFlag = list(
  'keyservice',
  'URI',
  'Key services',
  'Also ask this key service, such as tcp://host:5000 or unix:///path; may be given again',
  { env: 'SOPS_KEYSERVICE' },
);

export const DECRYPT_MODE: BooleanFlag = boolean('decrypt', 'Old forms without a command', 'Decrypt the file', {
  aliases: ['d'],
});
export const ENCRYPT_MODE: BooleanFlag = boolean('encrypt', 'Old forms without a command', 'Encrypt the file', {
  aliases: ['e'],
});
export const ROTATE_MODE: BooleanFlag = boolean(
  'rotate',
  'Old forms without a command',
  'Give the file a new data key, and add or remove keys',
  { aliases: ['r'] },
);
export const SET_MODE: StringFlag = text(
  'set',
  'PATH VALUE',
  'Old forms without a command',
  `Set a value in the file, such as '["a"][0] {"b": 1}'`,
);
/** What the forms without a command do; without any of these they edit. */
export const MODE_FLAGS: readonly Flag[] = [DECRYPT_MODE, ENCRYPT_MODE, ROTATE_MODE, SET_MODE];

export const KEYGEN_OUTPUT: StringFlag = text(
  'output',
  'FILE',
  'Files and formats',
  'Write to this new file, readable by its owner alone',
  { aliases: ['o'] },
);
export const KEYGEN_CONVERT: BooleanFlag = boolean(
  'y',
  'Keys',
  'Print the recipients of an identity file instead of making a key',
);
export const KEYGEN_POST_QUANTUM: BooleanFlag = boolean('pq', 'Keys', 'Make a post-quantum hybrid key');

/** The six settings of which a file has at most one. */
export const SELECTION_FLAGS: readonly StringFlag[] = [
  UNENCRYPTED_SUFFIX,
  ENCRYPTED_SUFFIX,
  UNENCRYPTED_REGEX,
  ENCRYPTED_REGEX,
  UNENCRYPTED_COMMENT_REGEX,
  ENCRYPTED_COMMENT_REGEX,
];

/** What every command that needs keys takes. */
export const KEYSERVICE_FLAGS: readonly Flag[] = [ENABLE_LOCAL_KEYSERVICE, KEYSERVICE];
