import { FormatError } from '../../errors.ts';
import type { Comment, MapNode, Tree } from '../../tree/node.ts';
import type { Form, Source } from '../format.ts';
import { isBreak } from './characters.ts';
import type { NodeComments } from './comment-queue.ts';
import { Composer } from './composer.ts';
import { tagOf } from './construct.ts';
import { decodeSource } from './decode-source.ts';
import { DocumentProblems } from './document-problems.ts';
import type { AliasOrigin, CollectionOrigin, CommentOrigin, DocumentOrigin, YamlSource } from './origin.ts';
import { commentsOf, surround } from './place-comments.ts';
import { Scanner } from './scanner.ts';
import type { Token, TokenType } from './token.ts';
import { TokenReader } from './token-reader.ts';
import type { Root } from './tree-builder.ts';

/** What upstream says before an error that the first document does not have (`stores/yaml/store.go`). */
const LATER_PREFIX = 'Error unmarshaling input YAML: ';

const CONTENT_ENDS: readonly TokenType[] = [
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
];

/**
 * Reads a YAML file: its documents with comments, each node with its place in the text. A text in `plain` form is read as
 * if the metadata followed at the end of each document, since that decides which map or list the last comments belong to.
 *
 * Upstream: `stores/yaml/store.go` (`LoadPlainFile`), go.yaml.in/yaml/v3 3.0.4.
 *
 * @throws FormatError with upstream's text, without the values in it
 */
export function readYaml(source: Source, form: Form = 'plain'): Tree {
  const text = decodeSource(source);
  const origin: YamlSource = { format: 'yaml', form, text, documents: [] };
  const documents = text === '' ? [] : new DocumentReader(origin).readAll();
  return { documents, origin };
}

class DocumentReader {
  readonly #source: YamlSource;
  readonly #reader: TokenReader;
  readonly #composer: Composer;
  readonly #documents: MapNode[] = [];
  /** Where the next document starts. */
  #start = 0;

  constructor(source: YamlSource) {
    this.#source = source;
    this.#reader = new TokenReader(new Scanner(source, source.form));
    this.#composer = new Composer(this.#reader, source);
  }

  readAll(): MapNode[] {
    this.#reader.peek();
    this.#reader.skip();
    while (this.#readDocument()) this.#reader.cursor.errorPrefix = LATER_PREFIX;
    if (this.#documents.length === 0) throw new FormatError('EOF');
    return this.#documents;
  }

  /** Reads one document. Gives false at the end of the text. */
  #readDocument(): boolean {
    const reader = this.#reader;
    const isFirst = this.#documents.length === 0;
    let token = reader.peek();
    while (!isFirst && token.type === 'document-end') {
      reader.skip();
      token = reader.peek();
    }
    if (token.type === 'stream-end') {
      this.#endText();
      return false;
    }
    const { text } = this.#source;
    const origin: DocumentOrigin = {
      start: this.#start,
      end: text.length,
      contentStart: this.#start,
      explicitStart: false,
      explicitEnd: false,
      insertAt: text.length,
      root: 'block',
      column: 0,
    };
    let head: Comment[] = [];
    let handles: ReadonlyMap<string, string> = new Map();
    if (isFirst && (token.type === 'document-end' || !CONTENT_ENDS.includes(token.type))) {
      head = commentsOf(reader.comments.takeDocumentHead());
    } else {
      handles = this.#readDirectives();
      token = reader.peek();
      if (token.type !== 'document-start') {
        throw reader.cursor.parseError('did not find expected <document start>', token);
      }
      reader.skip();
      origin.explicitStart = true;
      origin.contentStart = token.end;
    }
    const isLenient = !isFirst && this.#source.form === 'encrypted';
    const problems = new DocumentProblems(text, isFirst ? '' : LATER_PREFIX, isLenient);
    const isEmpty = origin.explicitStart && CONTENT_ENDS.includes(reader.peek().type);
    const root = this.#composer.compose(handles, isEmpty, problems);
    const end = this.#endDocument(origin);
    const map = this.#rootMap(root, origin, isFirst, problems);
    problems.check();
    surround(map, head, inTextOrder(end));
    this.#source.documents.push(origin);
    this.#documents.push(map);
    return true;
  }

  #readDirectives(): ReadonlyMap<string, string> {
    const { cursor } = this.#reader;
    const handles = new Map<string, string>();
    let hasVersion = false;
    for (;;) {
      const token = this.#reader.peek();
      if (token.type === 'version-directive') {
        if (hasVersion) throw cursor.parseError('found duplicate %YAML directive', token);
        if (token.value !== '1.1') throw cursor.parseError('found incompatible YAML document', token);
        hasVersion = true;
      } else if (token.type === 'tag-directive') {
        if (handles.has(token.value)) throw cursor.parseError('found duplicate %TAG directive', token);
        handles.set(token.value, token.suffix);
      } else {
        return handles;
      }
      this.#reader.skip();
    }
  }

  /** Passes the end of the document and gives the comments there. */
  #endDocument(origin: DocumentOrigin): NodeComments {
    const token = this.#reader.peek();
    const { text } = this.#source;
    origin.insertAt = token.type === 'stream-end' ? text.length : token.index;
    origin.end = origin.insertAt;
    if (token.type === 'document-end') {
      this.#reader.skip();
      origin.explicitEnd = true;
      origin.end = nextLine(text, token);
    }
    this.#start = origin.end;
    return this.#reader.comments.take();
  }

  /** Comments behind the last `...` are lost upstream; they stay with the last document. */
  #endText(): void {
    const last = this.#documents[this.#documents.length - 1];
    const origin = this.#source.documents[this.#source.documents.length - 1];
    if (origin !== undefined) origin.end = this.#source.text.length;
    if (last !== undefined) surround(last, [], inTextOrder(this.#reader.comments.take()));
  }

  #rootMap(root: Root, origin: DocumentOrigin, isFirst: boolean, problems: DocumentProblems): MapNode {
    const { node, comments, mark } = root;
    const map: MapNode = node.kind === 'map' ? node : { kind: 'map', items: [] };
    if (node.kind === 'map') {
      const place = node.origin as CollectionOrigin | AliasOrigin;
      if (place.kind === 'alias') {
        origin.root = 'alias';
        surround(map, commentsOf([...comments.head, ...comments.line]), []);
      } else {
        origin.root = place.style;
        origin.column = Math.max(place.column, 0);
        if (place.style === 'flow') origin.insertAt = place.end - 1;
      }
    } else if (node.kind === 'leaf' && node.value === null) {
      origin.root = 'null';
      map.origin = nullOrigin(node.origin as CollectionOrigin);
      surround(map, commentsOf([...comments.head, ...comments.line]), []);
    } else if (isFirst) {
      const tag = node.kind === 'leaf' ? scalarTag(root.tagName, tagOf(node.value)) : '!!seq';
      const message = `cannot unmarshal ${tag} into map[string]interface {}`;
      if (node.kind === 'leaf') problems.add(message, mark.index);
      else problems.replace(message, mark.index);
    } else {
      const what = node.kind === 'list' ? 'sequences' : 'values';
      problems.refuse(`YAML documents that are ${what} are not supported`, mark.index);
    }
    surround(map, [], commentsOf(comments.foot));
    return map;
  }
}

/** A standard tag as it is; any other may be text that was meant to be quoted, and is a string to the reference. */
function scalarTag(tagName: string, resolved: string): string {
  if (tagName === '') return resolved;
  return /^!!(?:null|bool|str|int|float|timestamp|binary|merge|seq|map)$/.test(tagName) ? tagName : '!!str';
}

function nullOrigin({ source, start, end, tag, anchor }: CollectionOrigin): CollectionOrigin {
  return { kind: 'collection', source, start, end, style: 'null', column: 0, tag, anchor, bare: false, dash: -1 };
}

function inTextOrder({ head, line, foot }: NodeComments): Comment[] {
  const comments = commentsOf([...head, ...line, ...foot]);
  return comments.sort((a, b) => (a.origin as CommentOrigin).start - (b.origin as CommentOrigin).start);
}

/** Index of the line below a token. */
function nextLine(text: string, token: Token): number {
  let index = token.end;
  while (index < text.length && !isBreak(text.charCodeAt(index))) index++;
  if (text.charCodeAt(index) === 0x0d && text.charCodeAt(index + 1) === 0x0a) return index + 2;
  return Math.min(index + 1, text.length);
}
