/** What a file says about its own encryption. Upstream: `sops.go` (`Metadata`). */
import type { KeyGroup } from '../keys/master-key.ts';
import type { Selection } from '../tree/selection.ts';

export interface Metadata {
  groups: KeyGroup[];
  /** How many groups are needed; 0 when the file does not say. Without effect for a single group. */
  threshold: number;
  /** RFC 3339 in whole seconds. It is the additional data of the MAC. */
  lastModified: string;
  /** The MAC as a ciphertext; empty when the file has none. */
  mac: string;
  /** The release that wrote the file; empty when the file does not say. */
  version: string;
  /** Undefined: everything is encrypted (binary files, when first written). */
  selection: Selection | undefined;
  macOnlyEncrypted: boolean;
}

/** The release whose files and command line this program has. */
export const UPSTREAM_VERSION = '3.13.3';

/** The key of the metadata block. */
export const METADATA_KEY = 'sops';

/** What metadata keys start with in a format without nesting. */
export const METADATA_PREFIX = 'sops_';
