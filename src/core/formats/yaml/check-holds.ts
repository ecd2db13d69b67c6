/** What a YAML file cannot hold so that it can be read again. */
import { SopsError } from '../../errors.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Tree } from '../../tree/node.ts';
import type { Form } from '../format.ts';

const BEYOND_INT64 = 'an integer from 2^63 to 2^64 - 1 cannot be encrypted';

/** go-yaml's limit. */
const DEEPEST = 10_000;

/** Characters that no YAML text may have; a comment has no way to escape them. */
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

interface Frame {
  node: MapNode | ListNode;
  index: number;
  keys: Set<string> | undefined;
}

/**
 * Checks that a tree can be written as YAML: no key twice in a map, no deeper than a reader goes, no comment with characters
 * that YAML does not allow, no integer that could not be encrypted.
 *
 * @throws SopsError `dump`
 */
export function checkHolds(tree: Tree, form: Form): void {
  for (const document of tree.documents) {
    const stack: Frame[] = [frameOf(document)];
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const item = frame.node.items[frame.index++];
      if (!item) {
        stack.pop();
        continue;
      }
      if (item.kind === 'comment') {
        checkComment(item, form, stack);
        continue;
      }
      if (item.kind === 'entry') checkKey(item, frame, stack);
      const node = item.kind === 'entry' ? item.value : item;
      if (node.kind !== 'leaf') stack.push(frameOf(node));
      else if (form === 'encrypted' && isUnsigned(node)) throw refusal(BEYOND_INT64, stack);
      if (stack.length > DEEPEST) throw refusal('a document nests too deep', stack.slice(0, 1));
    }
  }
}

/** An integer of another format or of `set` that go-yaml would read as a uint64, which upstream cannot encrypt. */
function isUnsigned({ value, spelling }: Leaf): boolean {
  if (typeof value !== 'number' || value < 2 ** 63 || value > 2 ** 64) return false;
  return spelling !== undefined && /^\d{19,20}$/.test(spelling) && BigInt(spelling) < 2n ** 64n;
}

function frameOf(node: MapNode | ListNode): Frame {
  return { node, index: 0, keys: node.kind === 'map' ? new Set() : undefined };
}

function checkKey({ key, keyType }: Entry, { keys }: Frame, stack: readonly Frame[]): void {
  // Keys of other types are refused elsewhere, and `1` is another key than `"1"`.
  if (keyType || !keys) return;
  if (keys.has(key)) throw refusal('a map has a key twice', stack.slice(0, -1));
  keys.add(key);
}

function checkComment(comment: Comment, form: Form, stack: readonly Frame[]): void {
  if (form === 'encrypted' && comment.ciphertext !== undefined) return;
  if (NOT_ALLOWED.test(comment.text))
    throw refusal('a comment has characters that YAML does not allow', stack.slice(0, -1));
}

function refusal(problem: string, around: readonly Frame[]): SopsError {
  const location = around.map(({ node, index }) => {
    const item = node.items[index - 1];
    return item?.kind === 'entry' ? item.key : index - 1;
  });
  return new SopsError('dump', `Error marshaling to YAML: ${problem}`, { location });
}
