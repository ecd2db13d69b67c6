import type { GroupEntry, KeyParseOptions, KeyType } from '../key-type.ts';
import { alwaysText, creationDate, entryText, textField } from '../key-type.ts';
import type { MasterKey } from '../master-key.ts';

type Context = Readonly<Record<string, string>>;

/** AWS KMS keys: an ARN, a role, an encryption context, a profile. Upstream: `kms/keysource.go`. */
export const kmsKeyType: KeyType = {
  name: 'kms',
  metadataFields: [
    ...alwaysText('arn', 'aws_profile'),
    { name: 'context', form: 'map', always: false },
    ...alwaysText('created_at', 'enc'),
    { name: 'role', form: 'text', always: false },
  ],
  listedWhenEmpty: false,
  config: {
    rule: 'kms',
    ruleForm: 'text-or-list',
    errorName: 'kms',
    group: 'kms',
    groupEntry: [
      { name: 'arn', form: 'text' },
      { name: 'role', form: 'text' },
      { name: 'context', form: 'map' },
      { name: 'aws_profile', form: 'text' },
    ],
  },
  flag: 'kms',
  environmentVariable: 'SOPS_KMS_ARN',
  serviceLabel: 'AWS KMS key with ARN',
  serviceKeyText: (key) => textField(key, 'arn'),
  text: kmsText,
  parseList: (list, options = {}) => (list === '' ? [] : list.split(',').map((entry) => keyFromArn(entry, options))),
  parseGroupEntry: (entry, options = {}) => [
    kmsKey(
      entryText(entry, 'arn'),
      entryText(entry, 'role'),
      entryContext(entry),
      entryText(entry, 'aws_profile'),
      creationDate(options),
    ),
  ],
};

/**
 * Reads the `k:v,k:v` form of an encryption context; of a key given twice the last value counts. Undefined when malformed.
 * Upstream: `kms.ParseKMSContext`.
 */
export function parseEncryptionContext(text: string): Record<string, string> | undefined {
  if (text === '') return {};
  const pairs: [string, string][] = [];
  for (const part of text.split(',')) {
    const [key, value, ...rest] = part.split(':');
    if (key === undefined || value === undefined || rest.length > 0) return undefined;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

/** The encryption context of an AWS KMS key; empty when it has none. */
export function kmsContext(key: MasterKey): Context {
  const context = key.fields['context'];
  return typeof context === 'object' ? context : {};
}

function kmsText(key: MasterKey): string {
  const role = textField(key, 'role');
  const profile = textField(key, 'aws_profile');
  const context = Object.entries(kmsContext(key))
    .sort(([a], [b]) => compareBytewise(a, b))
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
  const arn = role === '' ? textField(key, 'arn') : `${textField(key, 'arn')}+${role}`;
  if (profile !== '') return `${arn}|${context}|${profile}`;
  return context === '' ? arn : `${arn}|${context}`;
}

/** Go sorts strings by their UTF-8 bytes, which is the order of code points. */
function compareBytewise(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function keyFromArn(text: string, options: KeyParseOptions): MasterKey {
  const arn = text.replaceAll(' ', '');
  // An ARN may hold a plus but no colon behind it, so "+arn:" can only be the start of a role.
  const role = arn.indexOf('+arn:');
  return kmsKey(
    role > 0 ? arn.slice(0, role) : arn,
    role > 0 ? arn.slice(role + 1) : '',
    options.encryptionContext ?? {},
    options.awsProfile ?? '',
    creationDate(options),
  );
}

function kmsKey(arn: string, role: string, context: Context, profile: string, createdAt: string): MasterKey {
  return {
    type: 'kms',
    fields: {
      arn,
      ...(role === '' ? {} : { role }),
      ...(Object.keys(context).length === 0 ? {} : { context }),
      aws_profile: profile,
    },
    enc: '',
    createdAt,
  };
}

function entryContext(entry: GroupEntry): Context {
  const context = typeof entry === 'string' ? undefined : entry['context'];
  return typeof context === 'object' ? context : {};
}
