import type { GroupEntry, KeyType } from '../keys/key-type.ts';
import { keyTypesInRules } from '../keys/key-types.ts';
import type { KeyTypeName } from '../keys/master-key.ts';
import type { Node } from '../tree/node.ts';
import type { SelectionSetting } from '../tree/selection.ts';
import { SELECTION_SETTINGS } from '../tree/selection.ts';
import type { CreationRule, DestinationRule, KeyField, KeyGroupRule, StoreSettings } from './config.ts';
import { DEFAULT_STORES } from './config.ts';
import type { Decoding, FieldReader } from './decoding.ts';
import {
  goTypeOf,
  readBoolean,
  readInteger,
  readList,
  readStruct,
  readText,
  readTextMap,
  readTexts,
  targetOf,
} from './decoding.ts';

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Reads an entry of `creation_rules` or a `recreation_rule`. */
export function readCreationRule(decoding: Decoding, node: Node): CreationRule {
  const keys = new Map<KeyTypeName, KeyField>();
  const selection: Partial<Record<SelectionSetting, string>> = {};
  const keyGroups: KeyGroupRule[] = [];
  const rule = { pathRegex: '', awsProfile: '', shamirThreshold: 0, macOnlyEncrypted: false };
  const fields = new Map<string, FieldReader>([
    [
      'path_regex',
      (value) => {
        assign(rule, 'pathRegex', readText(decoding, value));
      },
    ],
    [
      'aws_profile',
      (value) => {
        assign(rule, 'awsProfile', readText(decoding, value));
      },
    ],
    [
      'shamir_threshold',
      (value) => {
        assign(rule, 'shamirThreshold', readInteger(decoding, value));
      },
    ],
    [
      'mac_only_encrypted',
      (value) => {
        assign(rule, 'macOnlyEncrypted', readBoolean(decoding, value));
      },
    ],
    [
      'key_groups',
      (value) => {
        readList(decoding, value, '[]config.keyGroup', (item) => keyGroups.push(readKeyGroup(decoding, item)));
      },
    ],
    ...SELECTION_SETTINGS.map((setting): [string, FieldReader] => [
      setting,
      (value) => {
        assign(selection, setting, readText(decoding, value));
      },
    ]),
    ...keyTypesInRules.map((type): [string, FieldReader] => [
      type.config.rule,
      (value) => keys.set(type.name, readKeyField(decoding, value, type)),
    ]),
  ]);
  readStruct(decoding, node, { type: 'config.creationRule', label: 'a creation rule' }, fields);
  return { ...rule, keys, keyGroups, selection };
}

/** Reads an entry of `destination_rules`. */
export function readDestinationRule(decoding: Decoding, node: Node): DestinationRule {
  const texts = {
    pathRegex: '',
    s3Bucket: '',
    s3Prefix: '',
    gcsBucket: '',
    gcsPrefix: '',
    vaultPath: '',
    vaultAddress: '',
    vaultKvMountName: '',
  };
  const rule = { vaultKvVersion: 0, omitExtensions: false, recreationRule: emptyCreationRule() };
  const textNames: readonly (readonly [string, keyof typeof texts])[] = [
    ['path_regex', 'pathRegex'],
    ['s3_bucket', 's3Bucket'],
    ['s3_prefix', 's3Prefix'],
    ['gcs_bucket', 'gcsBucket'],
    ['gcs_prefix', 'gcsPrefix'],
    ['vault_path', 'vaultPath'],
    ['vault_address', 'vaultAddress'],
    ['vault_kv_mount_name', 'vaultKvMountName'],
  ];
  const fields = new Map<string, FieldReader>([
    ...textNames.map(([name, field]): [string, FieldReader] => [
      name,
      (value) => {
        assign(texts, field, readText(decoding, value));
      },
    ]),
    [
      'vault_kv_version',
      (value) => {
        assign(rule, 'vaultKvVersion', readInteger(decoding, value));
      },
    ],
    [
      'omit_extensions',
      (value) => {
        assign(rule, 'omitExtensions', readBoolean(decoding, value));
      },
    ],
    [
      'recreation_rule',
      (value) => {
        assign(rule, 'recreationRule', readCreationRule(decoding, value));
      },
    ],
  ]);
  readStruct(decoding, node, { type: 'config.destinationRule', label: 'a destination rule' }, fields);
  return { ...texts, ...rule };
}

/** Reads `stores`. */
export function readStores(decoding: Decoding, node: Node): StoreSettings {
  const stores: Draft<StoreSettings> = { ...DEFAULT_STORES };
  const indentOf = (name: keyof StoreSettings, key: string, type: string): [string, FieldReader] => [
    key,
    (value) => {
      const settings = { ...stores[name] };
      const indent: FieldReader = (number) => {
        assign(settings, 'indent', readInteger(decoding, number));
      };
      readStruct(decoding, value, { type, label: `the ${key} store` }, new Map([['indent', indent]]));
      stores[name] = settings;
    },
  ];
  const withoutSettings = (key: string, type: string): [string, FieldReader] => [
    key,
    (value) => {
      readStruct(decoding, value, { type, label: `the ${key} store` }, new Map());
    },
  ];
  const fields = new Map<string, FieldReader>([
    withoutSettings('dotenv', 'config.DotenvStoreConfig'),
    withoutSettings('ini', 'config.INIStoreConfig'),
    indentOf('jsonBinary', 'json_binary', 'config.JSONBinaryStoreConfig'),
    indentOf('json', 'json', 'config.JSONStoreConfig'),
    indentOf('yaml', 'yaml', 'config.YAMLStoreConfig'),
  ]);
  readStruct(decoding, node, { type: 'config.StoresConfig', label: 'stores' }, fields);
  return stores;
}

function emptyCreationRule(): CreationRule {
  return {
    pathRegex: '',
    keys: new Map(),
    awsProfile: '',
    keyGroups: [],
    shamirThreshold: 0,
    selection: {},
    macOnlyEncrypted: false,
  };
}

/** Groups may hold groups to any depth. */
function readKeyGroup(decoding: Decoding, node: Node): KeyGroupRule {
  const root: KeyGroupRule = { merge: [], keys: new Map() };
  const waiting: { node: Node; group: KeyGroupRule }[] = [{ node, group: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { group } = next;
    const fields = new Map<string, FieldReader>([
      [
        'merge',
        (value) => {
          readList(decoding, value, '[]config.keyGroup', (item) => {
            const inner: KeyGroupRule = { merge: [], keys: new Map() };
            group.merge.push(inner);
            waiting.push({ node: item, group: inner });
          });
        },
      ],
      ...keyTypesInRules.map((type): [string, FieldReader] => [
        type.config.group,
        (value) => group.keys.set(type.name, readGroupEntries(decoding, value, type)),
      ]),
    ]);
    readStruct(decoding, next.node, { type: 'config.keyGroup', label: 'a key group' }, fields);
  }
  return root;
}

/** The names of upstream's types, which its error texts show. */
const GROUP_ENTRY_TYPES: Readonly<Partial<Record<KeyTypeName, string>>> = {
  kms: 'config.kmsKey',
  gcp_kms: 'config.gcpKmsKey',
  hckms: 'config.hckmsKey',
  azure_kv: 'config.azureKVKey',
};

function readGroupEntries(decoding: Decoding, node: Node, type: KeyType): GroupEntry[] {
  const entryFields = type.config.groupEntry;
  if (entryFields === undefined) return readTexts(decoding, node);
  const typeName = GROUP_ENTRY_TYPES[type.name] ?? `config.${type.name}Key`;
  const entries: GroupEntry[] = [];
  readList(decoding, node, `[]${typeName}`, (item) => {
    const entry: Record<string, string | Record<string, string>> = {};
    const fields = entryFields.map(({ name, form }): [string, FieldReader] => [
      name,
      (value) => {
        assign(entry, name, form === 'map' ? readTextMap(decoding, value) : readText(decoding, value));
      },
    ]);
    readStruct(decoding, item, { type: typeName, label: `a ${type.config.group} key` }, new Map(fields));
    entries.push(entry);
  });
  return entries;
}

function readKeyField(decoding: Decoding, node: Node, type: KeyType): KeyField {
  if (type.config.ruleForm === 'list') return { kind: 'keys', keys: readTexts(decoding, node) };
  if (node.kind === 'leaf' && typeof node.value === 'string') {
    const keys = node.value.split(',').map(trimSpace);
    return { kind: 'keys', keys: keys.filter((key) => key !== '') };
  }
  if (node.kind !== 'list') {
    return { kind: 'invalid', reason: `expected string, []string, or nil, got ${goTypeOf(node)}` };
  }
  const keys: string[] = [];
  for (const item of node.items) {
    if (item.kind === 'comment') continue;
    const leaf = targetOf(item);
    if (leaf.kind !== 'leaf' || typeof leaf.value !== 'string') {
      return { kind: 'invalid', reason: `expected string in list, got ${goTypeOf(leaf)}` };
    }
    keys.push(leaf.value);
  }
  return { kind: 'keys', keys };
}

/** Go's `strings.TrimSpace`, which takes other characters for space than JavaScript's `trim`. */
function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start++;
  while (end > start && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function assign<T, Key extends keyof T>(target: T, key: Key, value: T[Key] | undefined): void {
  if (value !== undefined) target[key] = value;
}
