/** {@link Metadata} as a nested block, its keys in byte-wise order at every level. Upstream: `stores/metadata.go`. */

import type { KeyType } from '../keys/key-type.ts';
import { keyTypes } from '../keys/key-types.ts';
import type { KeyGroup, MasterKey } from '../keys/master-key.ts';
import type { ListNode, MapNode, Node } from '../tree/node.ts';
import type { Metadata } from './metadata.ts';
import { leaf, map } from './reconcile.ts';

/** Makes new nodes, without origin. A single group stands directly in the block, several under `key_groups`. */
export function encodeMetadata(metadata: Metadata): MapNode {
  const { groups, selection, threshold } = metadata;
  const [group] = groups;
  const isSingle = groups.length === 1 && group !== undefined;
  return sorted({
    ...(isSingle ? encodeGroup(group, () => false) : {}),
    key_groups: isSingle || groups.length === 0 ? undefined : encodeGroups(groups),
    lastmodified: leaf(metadata.lastModified),
    mac: leaf(metadata.mac),
    mac_only_encrypted: metadata.macOnlyEncrypted ? leaf(true) : undefined,
    shamir_threshold: threshold === 0 ? undefined : leaf(BigInt(threshold)),
    [selection?.setting ?? 'unencrypted_suffix']: selection ? leaf(selection.text) : undefined,
    version: leaf(metadata.version),
  });
}

function encodeGroups(groups: KeyGroup[]): ListNode {
  return { kind: 'list', items: groups.map((group) => sorted(encodeGroup(group, (type) => type.listedWhenEmpty))) };
}

function encodeGroup(group: KeyGroup, isListedWhenEmpty: (type: KeyType) => boolean): Record<string, Node | undefined> {
  const lists: Record<string, Node | undefined> = {};
  for (const type of keyTypes) {
    const keys = group.filter((key) => key.type === type.name);
    const isListed = keys.length > 0 || isListedWhenEmpty(type);
    lists[type.name] = isListed ? { kind: 'list', items: keys.map((key) => encodeKey(type, key)) } : undefined;
  }
  return lists;
}

function encodeKey(type: KeyType, key: MasterKey): MapNode {
  const fields: Record<string, Node | undefined> = {};
  for (const { name, always } of type.metadataFields) {
    const value = valueOf(key, name);
    if (typeof value === 'string') fields[name] = always || value !== '' ? leaf(value) : undefined;
    else fields[name] = always || Object.keys(value).length > 0 ? textMap(value) : undefined;
  }
  return sorted(fields);
}

function valueOf(key: MasterKey, field: string): string | Readonly<Record<string, string>> {
  if (field === 'enc') return key.enc;
  if (field === 'created_at') return key.createdAt ?? '';
  return key.fields[field] ?? '';
}

function textMap(texts: Readonly<Record<string, string>>): MapNode {
  return sorted(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, leaf(text)])));
}

function sorted(entries: Record<string, Node | undefined>): MapNode {
  const { items } = map(entries);
  const keys = items.flatMap((item) => (item.kind === 'entry' ? [item] : []));
  return { kind: 'map', items: keys.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}
