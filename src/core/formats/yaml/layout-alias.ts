/**
 * Aliases. In the encrypted form each path has its own ciphertext, so an alias of anything encrypted has to be expanded. The
 * expansion gets a local tag, `!alias.name`, which upstream drops on reading; decryption writes `*name` again where the expansion
 * still says what the anchor does.
 */
import type { Comment, Entry, Node, Tree } from '../../tree/node.ts';
import { isSame } from '../../tree/set.ts';
import type { AliasOrigin, EntryOrigin, YamlSource } from './origin.ts';
import { originOf } from './source-items.ts';

const TAG_PREFIX = '!alias.';

/** The anchors that were met so far, in the order of the text. */
export class Anchors {
  readonly #byName = new Map<string, Node>();
  readonly #byOrigin = new Map<unknown, Node>();

  /** Takes note of a node that is written with its anchor. */
  addNode(node: Node): void {
    const origin = originOf(node);
    if (!origin || origin.kind === 'alias' || !origin.anchor) return;
    this.#byName.set(origin.anchor.text.slice(1), node);
    this.#byOrigin.set(origin, node);
  }

  /** Takes note of an anchor at a key. */
  addKey(entry: Entry, origin: EntryOrigin): void {
    if (origin.keyAnchor) this.#byName.set(origin.keyAnchor.text.slice(1), { kind: 'leaf', value: entry.key });
  }

  /** What stands at the anchor of a name now. */
  named(name: string): Node | undefined {
    return this.#byName.get(name);
  }

  /** What an alias stands for now; undefined when its anchor is gone. */
  targetOf({ target, name }: AliasOrigin): Node | undefined {
    return target.origin === undefined ? this.#byName.get(name) : this.#byOrigin.get(target.origin);
  }
}

/** The tag that marks an expansion. */
export function aliasTag(name: string): string {
  return TAG_PREFIX + name;
}

/** The alias that an expansion stands for. */
export function aliasName(tag: string | undefined): string | undefined {
  return tag?.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : undefined;
}

/** Whether an alias says the same as its expansion. */
export function isSameAs(node: Node, target: Node | undefined): boolean {
  return target !== undefined && isSame(node, target);
}

/** Whether anything below a node is encrypted, be it a comment: an alias shows those once more, with its own path. */
export function hasCiphertext(node: Node): boolean {
  const open: (Node | Comment)[] = [node];
  for (let top = open.pop(); top; top = open.pop()) {
    if (top.kind === 'leaf' || top.kind === 'comment') {
      if (top.ciphertext !== undefined) return true;
      continue;
    }
    for (const item of top.items) open.push(item.kind === 'entry' ? item.value : item);
  }
  return false;
}

/** Whether a tree that was read from a YAML text has a map or list that an alias stands for. */
export function hasExpandedCollection(tree: Tree): boolean {
  // Most texts have no alias at all.
  if (!(tree.origin as YamlSource).text.includes('*')) return false;
  const open: Node[] = [...tree.documents];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'leaf') continue;
    if (originOf(node)?.kind === 'alias') return true;
    for (const item of node.items) {
      if (item.kind === 'entry') open.push(item.value);
      else if (item.kind !== 'comment') open.push(item);
    }
  }
  return false;
}

/** Whether a tag in front of a node changes nothing of what upstream reads: it makes any scalar a string. */
export function canCarryTag(node: Node): boolean {
  return node.kind !== 'leaf' || node.ciphertext !== undefined || typeof node.value === 'string';
}
