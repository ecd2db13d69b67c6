import type { EditOptions } from '../../core/document/edit.ts';
import type { OpenFile } from '../../core/document/file.ts';

/** A file that is being edited. */
export interface Editing {
  /** The file to write, absolute. */
  readonly path: string;
  /** What it held when it was read, or that it was not there. */
  readonly expected: Uint8Array | 'absent';
  readonly opened: OpenFile;
  readonly options: EditOptions;
}
