/** An encryption without keys, to watch the layout alone: every value gets a numbered ciphertext, and a register holds the values. */
import { splitNote } from '../../../../src/core/formats/ciphertext-note.ts';
import type { Format, Source } from '../../../../src/core/formats/format.ts';
import { putMetadata, takeMetadata } from '../../../../src/core/metadata/carrier.ts';
import type { Comment, Entry, Leaf, MapNode, Node, Tree, Value } from '../../../../src/core/tree/node.ts';
import { decodeText } from '../../../../src/core/tree/utf8.ts';

export type Register = Map<string, { value: Value; spelling: string | undefined }>;

export function leavesOf(tree: Tree): (Leaf | Comment)[] {
  const leaves: (Leaf | Comment)[] = [];
  const queue: (Node | Entry | Comment)[] = [...tree.documents].reverse();
  for (let item = queue.pop(); item; item = queue.pop()) {
    const node = item.kind === 'entry' ? item.value : item;
    if (node.kind === 'leaf' || node.kind === 'comment') leaves.push(node);
    else for (const child of [...node.items].reverse()) queue.push(child);
  }
  return leaves;
}

export function textOf(source: Source): string {
  return typeof source === 'string' ? source : decodeText(source);
}

/** @param isSelected which values are encrypted; all others stay in clear */
export function encrypt(
  format: Format,
  plain: Source,
  isSelected: (index: number) => boolean = () => true,
): { text: string; register: Register } {
  const tree = format.parse(plain, 'plain');
  const register: Register = new Map();
  for (const [index, node] of leavesOf(tree).entries()) {
    const value = node.kind === 'leaf' ? node.value : node.text;
    if (value === null || value === '' || !isSelected(index)) continue;
    const type = node.kind === 'comment' ? 'comment' : 'str';
    node.ciphertext = `ENC[AES256_GCM,data:${index},iv:a,tag:b,type:${type}]`;
    register.set(node.ciphertext, { value, spelling: node.kind === 'leaf' ? node.spelling : undefined });
  }
  putMetadata(tree, metadataBlock, format.metadataLayout);
  return { text: textOf(format.emit(tree, { form: 'encrypted' })), register };
}

function metadataBlock(): MapNode {
  const age: MapNode = {
    kind: 'map',
    items: [
      { kind: 'entry', key: 'enc', value: { kind: 'leaf', value: '-----BEGIN-----\nMIIB\n-----END-----\n' } },
      { kind: 'entry', key: 'recipient', value: { kind: 'leaf', value: 'age1qqqq' } },
    ],
  };
  return {
    kind: 'map',
    items: [
      { kind: 'entry', key: 'age', value: { kind: 'list', items: [age] } },
      { kind: 'entry', key: 'mac', value: { kind: 'leaf', value: 'ENC[AES256_GCM,data:m,iv:a,tag:b,type:str]' } },
      { kind: 'entry', key: 'shamir_threshold', value: { kind: 'leaf', value: 2n } },
    ],
  };
}

/** Opens an encrypted text: the tree without metadata, values in place. */
export function open(format: Format, encrypted: string, register: Register): Tree {
  const tree = format.parse(encrypted, 'encrypted');
  takeMetadata(tree, format.metadataLayout);
  for (const node of leavesOf(tree)) {
    const text = node.kind === 'leaf' ? node.value : node.text;
    const known = typeof text === 'string' ? register.get(splitNote(text).ciphertext) : undefined;
    if (!known || typeof text !== 'string') continue;
    node.ciphertext = text;
    if (node.kind === 'comment') {
      node.text = String(known.value);
    } else {
      node.value = known.value;
      node.spelling = known.spelling;
    }
  }
  return tree;
}

export function decrypt(format: Format, encrypted: string, register: Register): string {
  return textOf(format.emit(open(format, encrypted, register), { form: 'plain' }));
}

/** Gives every value of an encrypted text a new ciphertext, as a new data key does. */
export function rotate(format: Format, encrypted: string, register: Register): { text: string; register: Register } {
  const tree = format.parse(encrypted, 'encrypted');
  const { carrier } = takeMetadata(tree, format.metadataLayout);
  const renewed: Register = new Map();
  for (const node of leavesOf(tree)) {
    const text = node.kind === 'leaf' ? node.value : node.text;
    const known = typeof text === 'string' ? register.get(splitNote(text).ciphertext) : undefined;
    if (!known || typeof text !== 'string') continue;
    node.ciphertext = splitNote(text).ciphertext.replace('iv:a', 'iv:z');
    renewed.set(node.ciphertext, known);
    if (node.kind === 'comment') {
      node.text = String(known.value);
    } else {
      node.value = known.value;
      node.spelling = known.spelling;
    }
  }
  putMetadata(tree, metadataBlock, format.metadataLayout, carrier);
  return { text: textOf(format.emit(tree, { form: 'encrypted' })), register: renewed };
}
