/**
 * libyaml's block emitter as go-yaml v3.0.4 runs it (`emitterc.go`), for the events that a tree gives: where lines break,
 * how far they are indented, and when a comment that waits is written. Flow style occurs for empty collections alone.
 */

import type { ScalarText } from './scalar-text.ts';
import { literalHeader, literalLines } from './scalar-text.ts';

/** Comment lines, each with its `#`. */
export interface NodeComments {
  head: readonly string[];
  line: readonly string[];
  foot: readonly string[];
}

type State = 'document' | 'documentEnd' | 'list' | 'map' | 'simpleValue' | 'value' | 'emptyList' | 'emptyMap';

const NONE: readonly string[] = [];

/** Takes a document as a sequence of events, in the order of the text. */
export class CanonicalWriter {
  readonly #step: number;
  readonly #pieces: string[] = [];
  readonly #states: State[] = [];
  readonly #indents: number[] = [];
  #state: State = 'document';
  #isFirst = false;
  #indent = -1;
  #column = 0;
  /** Whether the last thing written was blank, and whether the line so far is indentation and dashes. */
  #isBlank = true;
  #isIndentation = true;
  /** The column that gets a blank line when it is written to next, since a foot comment stands above. */
  #footIndent = -1;
  #head = NONE;
  #line = NONE;
  #foot = NONE;
  #tail = NONE;
  #keyLine = NONE;
  #documents = 0;

  /** @param step - columns of an indentation, 2 to 9 */
  constructor(step: number) {
    this.#step = step;
  }

  text(): string {
    return this.#pieces.join('');
  }

  startDocument(): void {
    if (this.#documents++ > 0) {
      this.#startLine();
      this.#indicator('---', true, false);
      this.#startLine();
    }
    this.#state = 'document';
  }

  endDocument(): void {
    this.#footIndent = 0;
    this.#writeFoot();
    this.#footIndent = -1;
    this.#startLine();
  }

  scalar(scalar: ScalarText, comments: NodeComments): void {
    this.#take(comments);
    this.#enter(() => {
      this.#writeScalar(scalar);
    });
  }

  /** @param isSimple - whether it may stand without `?` */
  key(scalar: ScalarText, isSimple: boolean, head: readonly string[]): void {
    this.#take({ head, line: NONE, foot: NONE });
    this.#startEntry();
    if (!isSimple) this.#indicator('?', true, true);
    this.#states.push(isSimple ? 'simpleValue' : 'value');
    this.#writeScalar(scalar);
  }

  startMap(isEmpty: boolean, tag: string, head: readonly string[]): void {
    this.#startCollection(isEmpty ? 'emptyMap' : 'map', tag, head);
  }

  /** @param tail - what stands behind the last entry */
  endMap(tail: readonly string[], line: readonly string[], foot: readonly string[]): void {
    if (tail.length > 0) this.#tail = tail;
    this.#take({ head: NONE, line, foot });
    if (this.#state === 'emptyMap') {
      this.#indicator('{', true, false, true);
      this.#increaseIndent(true);
      this.#writeHead();
      this.#endEmpty('}');
      return;
    }
    if (this.#isFirst) this.#increaseIndent(false);
    this.#isFirst = false;
    this.#writeHead();
    this.#leave();
  }

  startList(isEmpty: boolean, tag: string, head: readonly string[]): void {
    this.#startCollection(isEmpty ? 'emptyList' : 'list', tag, head);
  }

  endList(line: readonly string[], foot: readonly string[]): void {
    this.#take({ head: NONE, line, foot });
    if (this.#state !== 'emptyList') {
      this.#leave();
      return;
    }
    this.#indicator('[', true, false, true);
    this.#increaseIndent(true);
    this.#endEmpty(']');
  }

  #startCollection(kind: 'map' | 'list' | 'emptyMap' | 'emptyList', tag: string, head: readonly string[]): void {
    this.#take({ head, line: NONE, foot: NONE });
    const isIndented = kind === 'map' || kind === 'list';
    this.#enter(() => {
      this.#writeTag(tag);
      this.#state = kind;
      this.#isFirst = true;
    }, isIndented);
  }

  /** What waits is replaced only by something. */
  #take(comments: NodeComments): void {
    if (comments.head.length > 0) this.#head = comments.head;
    if (comments.line.length > 0) this.#line = comments.line;
    if (comments.foot.length > 0) this.#foot = comments.foot;
  }

  /** Writes what comes before a node that is no key, the node (or its start), and the comments that may follow. */
  #enter(write: () => void, isCollection = false): void {
    switch (this.#state) {
      case 'document':
        this.#states.push('documentEnd');
        this.#writeHead();
        break;
      case 'list':
        if (this.#isFirst) this.#increaseIndent(false);
        this.#isFirst = false;
        this.#writeHead();
        this.#startLine();
        this.#indicator('-', true, true);
        this.#states.push('list');
        break;
      default:
        this.#startValue(isCollection);
        this.#states.push('map');
    }
    write();
    // Upstream breaks the line here too, and then the brackets stand where no reader takes them for the value.
    if (this.#state === 'emptyList' || this.#state === 'emptyMap') return;
    this.#writeLine();
    this.#writeFoot();
  }

  #startEntry(): void {
    if (this.#isFirst) this.#increaseIndent(false);
    this.#isFirst = false;
    this.#writeHead();
    this.#startLine();
    if (this.#line.length > 0) {
      this.#keyLine = this.#line;
      this.#line = NONE;
    }
  }

  #startValue(isCollection: boolean): void {
    if (this.#state === 'simpleValue') {
      this.#indicator(':', false, false);
    } else {
      this.#startLine();
      this.#indicator(':', true, true);
    }
    if (this.#keyLine.length === 0) return;
    if (isCollection) {
      const line = this.#line;
      this.#line = this.#keyLine;
      this.#writeLine();
      this.#keyLine = NONE;
      this.#line = line;
    } else if (this.#line.length === 0) {
      this.#line = this.#keyLine;
      this.#keyLine = NONE;
    }
  }

  #leave(): void {
    this.#indent = this.#indents.pop() ?? -1;
    this.#isFirst = false;
    this.#state = this.#states.pop() ?? 'documentEnd';
  }

  #endEmpty(bracket: string): void {
    const below = this.#states.pop() ?? 'documentEnd';
    this.#indent = this.#indents.pop() ?? -1;
    if (bracket === ']' && this.#column === 0) this.#startLine();
    this.#indicator(bracket, false, false);
    this.#writeLine();
    this.#writeFoot();
    this.#isFirst = false;
    this.#state = below;
  }

  #writeScalar({ tag, style, text }: ScalarText): void {
    this.#writeTag(tag);
    this.#increaseIndent(true);
    if (style === 'literal') this.#writeLiteral(text);
    else this.#word(text);
    this.#indent = this.#indents.pop() ?? -1;
    this.#isFirst = false;
    this.#state = this.#states.pop() ?? 'documentEnd';
  }

  #writeLiteral(text: string): void {
    const outer = this.#indents.at(-1) ?? 0;
    this.#indicator(literalHeader(text, this.#indent - Math.max(outer, 0), this.#step), true, false);
    if (this.#line.length > 0) this.#writeLine();
    else this.#breakLine();
    this.#isBlank = true;
    const lines = literalLines(text);
    const endsLine = text.endsWith('\n');
    for (const [index, line] of lines.entries()) {
      if (line !== '') {
        this.#startLine();
        this.#put(line);
        this.#isIndentation = false;
      }
      if (index < lines.length - 1 || endsLine) this.#breakLine();
    }
  }

  #writeTag(tag: string): void {
    if (tag !== '') this.#word(tag);
  }

  #word(text: string): void {
    if (!this.#isBlank) this.#put(' ');
    this.#put(text);
    this.#isBlank = false;
    this.#isIndentation = false;
  }

  #indicator(text: string, needsBlank: boolean, isIndentation: boolean, isBlank = false): void {
    if (needsBlank && !this.#isBlank) this.#put(' ');
    this.#put(text);
    this.#isBlank = isBlank;
    this.#isIndentation = this.#isIndentation && isIndentation;
  }

  #increaseIndent(isFlow: boolean): void {
    this.#indents.push(this.#indent);
    if (this.#indent < 0) this.#indent = isFlow ? this.#step : 0;
    else if (this.#states.at(-1) === 'list') this.#indent += 2;
    else this.#indent = this.#step * Math.floor((this.#indent + this.#step) / this.#step);
  }

  #writeHead(): void {
    if (this.#tail.length > 0) {
      this.#startLine();
      this.#writeComment(this.#tail);
      this.#tail = NONE;
      this.#footIndent = Math.max(this.#indent, 0);
    }
    if (this.#head.length === 0) return;
    this.#startLine();
    this.#writeComment(this.#head);
    this.#head = NONE;
  }

  #writeLine(): void {
    if (this.#line.length === 0) return;
    if (!this.#isBlank) this.#put(' ');
    this.#writeComment(this.#line);
    this.#line = NONE;
  }

  #writeFoot(): void {
    if (this.#foot.length === 0) return;
    this.#startLine();
    this.#writeComment(this.#foot);
    this.#foot = NONE;
    this.#footIndent = Math.max(this.#indent, 0);
  }

  #writeComment(lines: readonly string[]): void {
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.#startLine();
      this.#put(line);
      this.#isIndentation = false;
      this.#breakLine();
    }
    this.#isBlank = true;
  }

  /** Goes to the current indentation, on a new line unless this one has come no further. */
  #startLine(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#isIndentation || this.#column > indent || (this.#column === indent && !this.#isBlank)) this.#breakLine();
    if (this.#footIndent === indent) this.#breakLine();
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#isBlank = true;
    this.#footIndent = -1;
  }

  #breakLine(): void {
    this.#pieces.push('\n');
    this.#column = 0;
    this.#isIndentation = true;
  }

  #put(text: string): void {
    this.#pieces.push(text);
    this.#column += text.length;
  }
}
