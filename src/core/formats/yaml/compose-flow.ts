import { NO_COMMENTS } from './comment-queue.ts';
import type { Frame, ListFrame, MapFrame } from './frame.ts';
import { startEntry, startValue } from './map-entry.ts';
import type { NodeComposer } from './node-composer.ts';
import type { Token, TokenType } from './token.ts';

// What follows a key or value that is empty.
const BEHIND_KEY: readonly TokenType[] = ['value', 'flow-entry', 'flow-map-end'];
const BEHIND_VALUE: readonly TokenType[] = ['flow-entry', 'flow-map-end'];
const BEHIND_PAIR_KEY: readonly TokenType[] = ['value', 'flow-entry', 'flow-list-end'];
const BEHIND_PAIR: readonly TokenType[] = ['flow-entry', 'flow-list-end'];

/** Reads a key, a value or the end of a flow map. @throws FormatError */
export function stepFlowMap(nodes: NodeComposer, frame: MapFrame): void {
  if (frame.expects === 'key') readKey(nodes, frame);
  else readValue(nodes, frame, BEHIND_VALUE);
}

function readKey(nodes: NodeComposer, frame: MapFrame): void {
  const { reader } = nodes;
  const token = passComma(nodes, frame, 'flow-map-end', "did not find expected ',' or '}'");
  frame.readsKey = true;
  if (token.type === 'flow-map-end') {
    finish(nodes, frame, token);
  } else if (token.type === 'key') {
    reader.skip();
    startEntry(frame, token);
    const next = reader.peek();
    if (BEHIND_KEY.includes(next.type)) nodes.addEmpty(next);
    else nodes.begin('flow');
  } else {
    frame.expects = 'no-value';
    nodes.begin('flow');
  }
}

function readValue(nodes: NodeComposer, frame: MapFrame, behind: readonly TokenType[]): void {
  const { reader } = nodes;
  let token = reader.peek();
  frame.readsKey = false;
  if (frame.expects === 'value' && token.type === 'value') {
    reader.skip();
    startValue(frame, token);
    token = reader.peek();
    if (!behind.includes(token.type)) {
      nodes.begin('flow');
      return;
    }
  }
  nodes.addEmpty(token);
}

/** Reads the key, the value or the end of a lone entry in a flow list. @throws FormatError */
export function stepPair(nodes: NodeComposer, frame: MapFrame): void {
  if (frame.expects === 'key') readPairKey(nodes, frame);
  else if (frame.expects === 'end') nodes.tree.finish(frame, NO_COMMENTS, frame.origin.end);
  else readValue(nodes, frame, BEHIND_PAIR);
}

function readPairKey(nodes: NodeComposer, frame: MapFrame): void {
  const { reader } = nodes;
  const token = reader.peek();
  frame.readsKey = true;
  if (!BEHIND_PAIR_KEY.includes(token.type)) {
    nodes.begin('flow');
    return;
  }
  // Upstream drops the token here.
  reader.skip();
  nodes.addEmpty(token);
}

/** Reads an element or the end of a flow list. @throws FormatError */
export function stepFlowList(nodes: NodeComposer, frame: ListFrame): void {
  const { reader, tree } = nodes;
  const token = passComma(nodes, frame, 'flow-list-end', "did not find expected ',' or ']'");
  if (token.type === 'flow-list-end') {
    finish(nodes, frame, token);
  } else if (token.type === 'key') {
    const pair = tree.openMap('pair', token, undefined, NO_COMMENTS);
    reader.skip();
    startEntry(pair, token);
  } else {
    nodes.begin('flow');
  }
}

/** Passes the comma in front of all but the first item, and gives the token behind it. @throws FormatError if it is missing */
function passComma(nodes: NodeComposer, frame: Frame, end: TokenType, problem: string): Token {
  const { reader } = nodes;
  let token = reader.peek();
  if (token.type !== end && !frame.first) {
    if (token.type !== 'flow-entry') throw reader.cursor.parseError(problem, token, frame.mark);
    reader.skip();
    token = reader.peek();
  }
  frame.first = false;
  return token;
}

function finish({ reader, tree }: NodeComposer, frame: Frame, bracket: Token): void {
  const comments = reader.comments.take();
  reader.skip();
  tree.finish(frame, comments, bracket.end);
}
