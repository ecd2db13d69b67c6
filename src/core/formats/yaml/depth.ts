import type { Cursor, Mark } from './cursor.ts';

/** Most levels of block collections, and of flow collections (libyaml's `scannerc.go`). */
const MAX_DEPTH = 10_000;

/** @throws FormatError where so many levels are too many */
export function checkDepth(cursor: Cursor, levels: number, context: Mark | undefined): void {
  if (levels > MAX_DEPTH) throw cursor.scanError(`exceeded max depth of ${String(MAX_DEPTH)}`, context);
}
