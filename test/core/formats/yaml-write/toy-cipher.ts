/** A cipher that hides nothing, so that what a format does around ciphertexts can be tested alone. */
import { readValue, wireTypeOf } from '../../../../src/core/cipher/wire-value.ts';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import type { Comment, Entry, Leaf, MapNode, Node, Tree } from '../../../../src/core/tree/node.ts';
import { wireText } from '../../../../src/core/tree/scalar-text.ts';
import { decodeText, encodeText } from '../../../../src/core/tree/utf8.ts';

export function seal(plaintext: string, type: string): string {
  return `ENC[AES256_GCM,data:${Buffer.from(encodeText(plaintext)).toString('base64')},iv:aXY=,tag:dGFn,type:${type}]`;
}

/** Gives every leaf and comment outside of `clear` keys its ciphertext. */
export function encryptTree(tree: Tree): void {
  for (const document of tree.documents) {
    visit(document, (node) => {
      if (node.kind === 'comment') {
        if (node.text !== '') node.ciphertext ??= seal(node.text, 'comment');
      } else if (node.value === null || node.value === '') {
        node.ciphertext = undefined;
      } else {
        node.ciphertext ??= seal(node.spelling ?? wireText(node.value), wireTypeOf(node.value) ?? 'str');
      }
    });
  }
}

/** Takes the metadata out and opens every ciphertext. */
export function decryptTree(tree: Tree): void {
  for (const document of tree.documents) {
    document.items = document.items.filter((item) => item.kind !== 'entry' || item.key !== 'sops');
    visit(document, (node, container, index) => {
      const ciphertext = node.kind === 'comment' ? node.text : node.value;
      const opened = typeof ciphertext === 'string' ? open(ciphertext) : undefined;
      if (!opened || typeof ciphertext !== 'string') return;
      if (node.kind === 'comment') {
        node.text = opened.text;
        node.ciphertext = ciphertext;
      } else if (opened.type === 'comment') {
        container.items[index] = { kind: 'comment', text: opened.text, inline: false, ciphertext, origin: node.origin };
      } else {
        const isTyped =
          opened.type === 'int' || opened.type === 'float' || opened.type === 'bool' || opened.type === 'time';
        const read = isTyped ? readValue(opened.type as 'int', opened.text) : undefined;
        node.value = read ? read.value : opened.text;
        node.spelling = read?.spelling;
        node.ciphertext = ciphertext;
      }
    });
  }
}

function open(ciphertext: string): { text: string; type: string } | undefined {
  const [, data, type] = /^ENC\[AES256_GCM,data:(.*),iv:aXY=,tag:dGFn,type:(\w+)\]/.exec(ciphertext) ?? [];
  if (data === undefined || type === undefined) return undefined;
  return { text: decodeText(new Uint8Array(Buffer.from(data, 'base64'))), type };
}

type Visitor = (node: Leaf | Comment, container: { items: unknown[] }, index: number) => void;

function visit(document: MapNode, visitor: Visitor): void {
  const containers: Node[] = [document];
  for (let container = containers.pop(); container; container = containers.pop()) {
    if (container.kind === 'leaf') continue;
    for (const [index, item] of container.items.entries()) {
      if (item.kind === 'entry' && (item.key === 'sops' || item.key.endsWith('_clear'))) continue;
      const node = item.kind === 'entry' ? item.value : item;
      if (node.kind === 'leaf' || node.kind === 'comment') visitor(node, container, index);
      else containers.push(node);
    }
  }
}

export function metadata(): Entry {
  const entry = (key: string, value: string): Entry => ({ kind: 'entry', key, value: { kind: 'leaf', value } });
  return {
    kind: 'entry',
    key: 'sops',
    value: { kind: 'map', items: [entry('enc', 'x\ny\n'), entry('lastmodified', '2026-01-02T03:04:05Z')] },
  };
}

/** What {@link metadata} is written as. */
export const METADATA = 'sops:\n    enc: |\n        x\n        y\n    lastmodified: "2026-01-02T03:04:05Z"\n';

/** The encrypted form of a plain text, with metadata in each document. */
export function encrypt(text: string, change?: (tree: Tree) => void): string {
  const tree = yamlFormat.parse(text, 'plain');
  change?.(tree);
  encryptTree(tree);
  for (const document of tree.documents) document.items.push(metadata());
  return String(yamlFormat.emit(tree, { form: 'encrypted' }));
}

/** The plain text of an encrypted one. */
export function decrypt(text: string, change?: (tree: Tree) => void): string {
  const tree = yamlFormat.parse(text, 'encrypted');
  decryptTree(tree);
  change?.(tree);
  return String(yamlFormat.emit(tree, { form: 'plain' }));
}

/** An encrypted text with its plaintexts in view: `ENC(str:x)`, and without the block of the metadata. */
export function shown(text: string): string {
  return text
    .replace(/ENC\[AES256_GCM,data:([^,]*),iv:aXY=,tag:dGFn,type:(\w+)\]/g, (_, data: string, type: string) => {
      return `ENC(${type}:${Buffer.from(data, 'base64').toString()})`;
    })
    .replaceAll(METADATA, '');
}
