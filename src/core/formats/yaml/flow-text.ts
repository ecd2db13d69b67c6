/** A node on one line in flow style, without its comments: what goes into a flow collection. */
import type { Entry, ListNode, MapNode, Node } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { keyScalar, leafScalar } from './canonical.ts';
import type { ScalarText } from './scalar-text.ts';

/** libyaml looks this far for the `:` behind a key. */
const LONGEST_FLOW_KEY = 1000;

export function flowText(node: Node, form: Form, tag = ''): string {
  const pieces: string[] = [tag === '' ? '' : `${tag} `];
  const open: { node: MapNode | ListNode; index: number; isFirst: boolean }[] = [];
  const start = (child: Node): void => {
    if (child.kind === 'leaf') {
      pieces.push(scalarWord(leafScalar(child, form, true)));
      return;
    }
    pieces.push(child.kind === 'map' ? '{' : '[');
    open.push({ node: child, index: 0, isFirst: true });
  };
  start(node);
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const item = frame.node.items[frame.index++];
    if (!item) {
      pieces.push(frame.node.kind === 'map' ? '}' : ']');
      open.pop();
      continue;
    }
    if (item.kind === 'comment') continue;
    if (!frame.isFirst) pieces.push(', ');
    frame.isFirst = false;
    if (item.kind === 'entry') pieces.push(flowKey(item));
    start(item.kind === 'entry' ? item.value : item);
  }
  return pieces.join('');
}

/** An entry without brackets around it. */
export function flowEntryText(entry: Entry, form: Form): string {
  return flowKey(entry) + flowText(entry.value, form);
}

function flowKey(entry: Entry): string {
  const key = scalarWord(keyScalar(entry, true));
  return `${key.length > LONGEST_FLOW_KEY ? '? ' : ''}${key}: `;
}

function scalarWord({ tag, text }: ScalarText): string {
  return tag === '' ? text : `${tag} ${text}`;
}
