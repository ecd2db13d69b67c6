/** A map with more keys than this gets an index; fewer are compared one by one. */
const MOST_COMPARED = 8;

/** The keys of one open map. */
export interface OpenKeys {
  /** Where they begin in the register. */
  readonly base: number;
  index: Map<string, number> | undefined;
}

/** The keys of all open maps, those of the innermost one last. Finds repeated ones in linear time. */
export class KeyRegister {
  readonly #texts: string[] = [];
  readonly #places: number[] = [];

  open(): OpenKeys {
    return { base: this.#texts.length, index: undefined };
  }

  /** Forgets the keys of the innermost map. */
  close(keys: OpenKeys): void {
    this.#texts.length = keys.base;
    this.#places.length = keys.base;
  }

  /** Adds a key of the innermost map. Gives the place where it stands already, or undefined. */
  add(keys: OpenKeys, text: string, place: number): number | undefined {
    if (keys.index !== undefined) {
      const first = keys.index.get(text);
      if (first === undefined) keys.index.set(text, place);
      return first;
    }
    const texts = this.#texts;
    for (let i = keys.base; i < texts.length; i++) {
      if (texts[i] === text) return this.#places[i];
    }
    texts.push(text);
    this.#places.push(place);
    if (texts.length - keys.base > MOST_COMPARED) this.#index(keys);
    return undefined;
  }

  #index(keys: OpenKeys): void {
    const index = new Map<string, number>();
    for (let i = keys.base; i < this.#texts.length; i++) index.set(this.#texts[i] ?? '', this.#places[i] ?? 0);
    keys.index = index;
    this.close(keys);
  }
}
