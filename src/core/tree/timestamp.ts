/** A point in time with the offset it was written with. Immutable. Upstream: Go's `time.Time` as the stores use it. */
export class Timestamp {
  /** RFC 3339 with up to nine digits of a second, trailing zeros dropped, `Z` for a zero offset (Go's RFC3339Nano). */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
