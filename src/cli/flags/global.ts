/** The flags before a command's name, which are also those of the old forms without a command. */
import type { Flag } from './flag.ts';
import { CHANGE_KEY_FLAGS, USE_KEY_FLAGS } from './key-flags.ts';
import * as flags from './table.ts';

/** These count for every command, wherever it takes them itself or not. */
export const ALWAYS_HONOURED: ReadonlySet<Flag> = new Set<Flag>([
  flags.CONFIG,
  flags.VERBOSE,
  flags.DISABLE_VERSION_CHECK,
  flags.CHECK_FOR_UPDATES,
]);

/** The flags that every command takes besides its own. */
export const COMMON_FLAGS: readonly Flag[] = [flags.VERBOSE, flags.HELP];

export const GLOBAL_FLAGS: readonly Flag[] = [
  ...flags.MODE_FLAGS,
  flags.IN_PLACE,
  flags.OUTPUT,
  flags.INPUT_TYPE,
  flags.OUTPUT_TYPE,
  flags.FILENAME_OVERRIDE,
  flags.INDENT,
  flags.SHOW_MASTER_KEYS,
  ...USE_KEY_FLAGS,
  flags.AWS_PROFILE,
  flags.ENCRYPTION_CONTEXT,
  flags.THRESHOLD,
  ...CHANGE_KEY_FLAGS,
  ...flags.SELECTION_FLAGS,
  flags.MAC_ONLY_ENCRYPTED,
  flags.EXTRACT,
  flags.IGNORE_MAC,
  flags.DECRYPTION_ORDER,
  ...flags.KEYSERVICE_FLAGS,
  flags.CONFIG,
  flags.VERBOSE,
  flags.DISABLE_VERSION_CHECK,
  flags.CHECK_FOR_UPDATES,
  flags.HELP,
  flags.VERSION,
];
