import { NO_COMMENTS, NO_LINES } from './comment-queue.ts';
import type { ListFrame, MapFrame } from './frame.ts';
import { startEntry, startValue } from './map-entry.ts';
import type { NodeComposer } from './node-composer.ts';
import type { Token, TokenType } from './token.ts';

// What follows a key, value or element that is empty.
const BEHIND_MAP_NODE: readonly TokenType[] = ['key', 'value', 'block-end'];
const BEHIND_ELEMENT: readonly TokenType[] = ['block-entry', 'block-end'];
const BEHIND_INDENTLESS_ELEMENT: readonly TokenType[] = ['block-entry', 'key', 'value', 'block-end'];

/** Reads a key, a value or the end of a block map. @throws FormatError */
export function stepBlockMap(nodes: NodeComposer, frame: MapFrame): void {
  if (frame.expects === 'key') readKey(nodes, frame);
  else readValue(nodes, frame);
}

function readKey(nodes: NodeComposer, frame: MapFrame): void {
  const { reader, tree } = nodes;
  const token = reader.peek();
  frame.readsKey = true;
  if (token.type === 'key') {
    reader.skip();
    startEntry(frame, token);
    const next = reader.peek();
    if (BEHIND_MAP_NODE.includes(next.type)) nodes.addEmpty(next);
    else nodes.begin('block-map');
  } else if (token.type === 'block-end') {
    const comments = reader.comments.take();
    reader.skip();
    tree.finish(frame, comments, frame.origin.end);
  } else {
    throw reader.cursor.parseError('did not find expected key', token, frame.mark);
  }
}

function readValue(nodes: NodeComposer, frame: MapFrame): void {
  const { reader } = nodes;
  let token = reader.peek();
  frame.readsKey = false;
  if (token.type === 'value') {
    reader.skip();
    startValue(frame, token);
    token = reader.peek();
    if (!BEHIND_MAP_NODE.includes(token.type)) {
      nodes.begin('block-map');
      return;
    }
  }
  nodes.addEmpty(token);
}

/** Reads an element or the end of a block list. @throws FormatError */
export function stepBlockList(nodes: NodeComposer, frame: ListFrame): void {
  const { reader, tree } = nodes;
  const token = reader.peek();
  if (token.type === 'block-entry') {
    readElement(nodes, frame, token, BEHIND_ELEMENT);
  } else if (token.type === 'block-end') {
    reader.skip();
    tree.finish(frame, NO_COMMENTS, frame.origin.end);
  } else {
    throw reader.cursor.parseError("did not find expected '-' indicator", token, frame.mark);
  }
}

/** The same for a list in the column of the key that it belongs to. @throws FormatError */
export function stepIndentlessList(nodes: NodeComposer, frame: ListFrame): void {
  const token = nodes.reader.peek();
  if (token.type === 'block-entry') readElement(nodes, frame, token, BEHIND_INDENTLESS_ELEMENT);
  else nodes.tree.finish(frame, NO_COMMENTS, frame.origin.end);
}

function readElement(nodes: NodeComposer, frame: ListFrame, dash: Token, behind: readonly TokenType[]): void {
  const { reader } = nodes;
  frame.dash = dash.index;
  const { headLength } = reader.comments;
  reader.skip();
  const token = reader.peek();
  if (behind.includes(token.type)) {
    nodes.addEmpty(token);
  } else if (headLength > 0 && (token.type === 'block-list-start' || token.type === 'block-map-start')) {
    // What stood above the dash heads the map or list behind it as a whole.
    nodes.begin('block', { head: reader.comments.takeHead(headLength), line: NO_LINES, foot: NO_LINES });
  } else {
    nodes.begin('block');
  }
}
