/** Changes of a text, collected in any order and applied in one pass. */
export class TextEdits {
  readonly #edits: { start: number; end: number; text: string }[] = [];

  /** At one place, insertions come in the order in which they were made, and in front of a replacement. */
  insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  apply(source: string): string {
    const sorted = this.#edits.sort((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
    const pieces: string[] = [];
    let at = 0;
    for (const { start, end, text } of sorted) {
      if (start > at) pieces.push(source.slice(at, start));
      pieces.push(text);
      at = Math.max(at, end);
    }
    pieces.push(source.slice(at));
    return pieces.join('');
  }
}
