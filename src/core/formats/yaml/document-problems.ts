/**
 * What is wrong with a document that is well-formed: upstream's decoding errors (`decode.go` of go.yaml.in/yaml/v3 3.0.4),
 * which it finds in the first document only. Texts are upstream's without the values in them.
 */
import { FormatError } from '../../errors.ts';
import { positionBehind } from './position.ts';

/** Most decoding errors that are reported of one document. */
const MOST_REPORTED = 50;

interface Problem {
  message: string;
  index: number;
  /** Sorts duplicates of one map by the first of the two keys, as upstream. */
  order: number;
}

export class DocumentProblems {
  readonly #text: string;
  readonly #prefix: string;
  readonly #isLenient: boolean;
  #fatal: (Problem & { withLine: boolean }) | undefined;
  #refused: FormatError | undefined;
  readonly #problems: Problem[] = [];
  /** Places of each repeated key, by the first of them. */
  readonly #places = new Map<number, number[]>();

  /** @param isLenient - takes repeated keys and merges of no map: upstream encrypts later documents with them, and reads those */
  constructor(text: string, prefix: string, isLenient: boolean) {
    this.#text = text;
    this.#prefix = prefix;
    this.#isLenient = isLenient;
  }

  /** Ends the decoding: only the first one counts. `withLine` where upstream's text had a value in it. */
  fatal(message: string, index: number, withLine: boolean = false): void {
    this.#fatal ??= { message, index, order: index, withLine };
  }

  /** A merge key with something else than maps. */
  mergeOfNoMap(index: number): void {
    if (!this.#isLenient) this.fatal('map merge requires map or sequence of maps as the value', index);
  }

  get isFatal(): boolean {
    return this.#fatal !== undefined;
  }

  /** Takes the place of everything else. */
  refuse(message: string, index: number): void {
    this.#refused ??= new FormatError(this.#prefix + message, this.#position(index));
  }

  /** The one that is left of all: upstream did not look further. */
  replace(message: string, index: number): void {
    this.#fatal = undefined;
    this.#problems.length = 0;
    this.add(message, index);
  }

  /** One of a list. */
  add(message: string, index: number, order: number = index): void {
    if (this.#problems.length < MOST_REPORTED) this.#problems.push({ message, index, order });
  }

  /** A repeated key counts once for each place where it stood before, `first` being the first of them. */
  duplicate(key: string, first: number, second: number): void {
    if (this.#isLenient) return;
    const places = this.#places.get(first) ?? [first];
    this.#places.set(first, places);
    for (const place of places) {
      if (this.#problems.length >= MOST_REPORTED) return;
      const { line } = this.#position(place);
      this.add(`mapping key ${quote(key)} already defined at line ${String(line)}`, second, place);
    }
    places.push(second);
  }

  /** @throws FormatError if there was any */
  check(): void {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#fatal !== undefined) {
      const { message, index, withLine } = this.#fatal;
      const position = this.#position(index);
      const where = withLine ? `line ${String(position.line)}: ` : '';
      throw new FormatError(`${this.#prefix}yaml: ${where}${message}`, position);
    }
    const [first] = this.#problems.sort((a, b) => a.order - b.order);
    if (first !== undefined) {
      const lines = this.#problems.map(
        ({ message, index }) => `\n  line ${String(this.#position(index).line)}: ${message}`,
      );
      throw new FormatError(`${this.#prefix}yaml: unmarshal errors:${lines.join('')}`, this.#position(first.index));
    }
  }

  #position(index: number): { line: number; column: number } {
    return positionBehind(this.#text.slice(0, index));
  }
}

/** A key as Go's `%#v` writes it. */
function quote(key: string): string {
  return JSON.stringify(key).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
