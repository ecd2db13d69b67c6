/**
 * Files of any content: one value under the key `data`. The encrypted form is a JSON file. Upstream: `stores/json/store.go`
 * (`BinaryStore`).
 */
import { SopsError } from '../../errors.ts';
import type { Tree } from '../../tree/node.ts';
import { encodeText, isWellFormed } from '../../tree/utf8.ts';
import type { Form, Format, Source } from '../format.ts';
import { checkJsonHolds, emitJson, parseJson } from '../json/json-format.ts';
import { isEncryptedFile } from './encrypted-file.ts';

const DATA_KEY = 'data';

export const binaryFormat: Format = {
  name: 'binary',
  metadataLayout: 'nested',
  parse: (source, form) => (form === 'encrypted' ? parseJson(source) : parsePlain(source)),
  emit: (tree, options) => (options.form === 'encrypted' ? emitJson(tree, options) : emitPlain(tree)),
  emitValue: () => {
    throw new SopsError('dump', 'Binary files are not structured and extracting a single value is not possible');
  },
  checkHolds: (tree, form) => {
    checkHolds(tree, form);
  },
  example: () => treeOf('Welcome! Change this text as you like.'),
};

/** @throws SopsError `already-encrypted` (D29) */
function parsePlain(source: Source): Tree {
  if (isEncryptedFile(source)) {
    throw new SopsError('already-encrypted', 'the file is encrypted already: it has a sops block with a MAC', {
      hint: 'to change its keys use updatekeys or rotate, to change its content edit',
    });
  }
  return treeOf(source);
}

function treeOf(data: Source): Tree {
  return {
    documents: [{ kind: 'map', items: [{ kind: 'entry', key: DATA_KEY, value: { kind: 'leaf', value: data } }] }],
  };
}

function emitPlain({ documents }: Tree): Source {
  const [root] = documents;
  if (!root || documents.length > 1) throw emitError('there must be exactly one tree branch');
  const entry = root.items.find((item) => item.kind === 'entry' && item.key === DATA_KEY);
  if (entry?.kind !== 'entry') throw emitError('no binary data found in tree');
  const { value: node } = entry;
  if (node.kind === 'leaf') {
    if (node.value instanceof Uint8Array) return node.value;
    if (typeof node.value === 'string') return isWellFormed(node.value) ? node.value : encodeText(node.value);
  }
  throw emitError("'data' key in tree does not have a string value");
}

function emitError(reason: string): SopsError {
  return new SopsError('dump', `error emitting binary store: ${reason}`);
}

function checkHolds(tree: Tree, form: Form): void {
  if (form === 'encrypted') checkJsonHolds(tree, form);
  else emitPlain(tree);
}
