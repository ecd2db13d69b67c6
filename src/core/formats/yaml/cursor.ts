import { FormatError } from '../../errors.ts';
import { isBlankOrEnd } from './characters.ts';

/** A place in the text: UTF-16 index, and line and column (in code points) counted from 0. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** The text that is being scanned and how far the scanner got. */
export class Cursor {
  readonly text: string;
  readonly length: number;
  index: number;
  line = 0;
  /** Line breaks since the last character that is neither blank nor a break. */
  newlines = 0;
  /** What upstream puts before an error: nothing while it decodes the first document, a prefix when it reads the rest. */
  errorPrefix = '';
  readonly #hasPairs: boolean;
  #lineStart: number;
  #pairs = 0;
  #pairsUpTo: number;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
    this.index = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineStart = this.index;
    this.#pairsUpTo = this.index;
    this.#hasPairs = /[\ud800-\udbff]/.test(text);
  }

  /** The UTF-16 code unit at the current position, 0 at the end of the text. */
  get code(): number {
    return this.index < this.length ? this.text.charCodeAt(this.index) : 0;
  }

  /** The code unit at any position, 0 behind the end of the text. */
  codeAt(index: number): number {
    return index < this.length ? this.text.charCodeAt(index) : 0;
  }

  get atLineStart(): boolean {
    return this.index === this.#lineStart;
  }

  /** Column of the current position, in code points. */
  get column(): number {
    return this.columnOf(this.index);
  }

  /** Column of a position on the current line. */
  columnOf(index: number): number {
    if (!this.#hasPairs) return index - this.#lineStart;
    if (index < this.#pairsUpTo) {
      this.#pairs = 0;
      this.#pairsUpTo = this.#lineStart;
    }
    while (this.#pairsUpTo < index) {
      const code = this.text.charCodeAt(this.#pairsUpTo++);
      if (code >= 0xdc00 && code <= 0xdfff) this.#pairs++;
    }
    return index - this.#lineStart - this.#pairs;
  }

  get mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** Goes past the line break at the current position and gives what it counts as in a scalar: `\n`, or LS or PS. */
  skipBreak(): string {
    const code = this.text.charCodeAt(this.index++);
    if (code === 0x0d && this.code === 0x0a) this.index++;
    this.line++;
    this.newlines++;
    this.#lineStart = this.index;
    this.#pairs = 0;
    this.#pairsUpTo = this.index;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Goes past spaces and tabs. */
  skipBlanks(): void {
    while (this.code === 0x20 || this.code === 0x09) this.index++;
  }

  /** Whether `---` or `...` stands at the current position, at the start of a line and followed by a blank or break. */
  atDocumentMarker(): boolean {
    return this.atLineStart && this.isDocumentMarker(this.index);
  }

  /** The same for any position that is known to be the start of a line. */
  isDocumentMarker(index: number): boolean {
    const first = this.codeAt(index);
    return (
      (first === 0x2d || first === 0x2e) &&
      this.codeAt(index + 1) === first &&
      this.codeAt(index + 2) === first &&
      isBlankOrEnd(this.codeAt(index + 3))
    );
  }

  /**
   * An error of the scanner at the current position. The line in the message is upstream's: that of the construct being
   * scanned (`context`) if it does not start on the first line, else that of the position; none on the first line.
   */
  scanError(problem: string, context: Mark | undefined): FormatError {
    const mark = this.mark;
    const line = (context?.line ?? 0) || mark.line;
    return this.error(line === 0 ? problem : `line ${String(line + 1)}: ${problem}`, mark);
  }

  /** An error of the parser. As upstream's, the line in its message is one too low, and left out when that gives 0. */
  parseError(problem: string, mark: Mark, context?: Mark): FormatError {
    const line = (context?.line ?? 0) || mark.line;
    return this.error(line === 0 ? problem : `line ${String(line)}: ${problem}`, mark);
  }

  error(problem: string, mark: Mark): FormatError {
    return new FormatError(`${this.errorPrefix}yaml: ${problem}`, { line: mark.line + 1, column: mark.column + 1 });
  }
}
