/**
 * Which leaves of a tree are encrypted: at most one of six settings decides. Upstream: `sops.go`, `shouldBeEncrypted`.
 */
import type { SopsError } from '../errors.ts';
import { compileRegex } from './regex.ts';

/** The settings under their names in the metadata block and in `.sops.yaml`, in upstream's order of evaluation. */
export const SELECTION_SETTINGS = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

export type SelectionSetting = (typeof SELECTION_SETTINGS)[number];

/** One setting and its text; a suffix, or a regex in RE2 syntax. Undefined: everything is encrypted. */
export interface Selection {
  setting: SelectionSetting;
  text: string;
}

/** What upstream takes for a file that names no setting. */
export const DEFAULT_SELECTION: Selection = { setting: 'unencrypted_suffix', text: '_unencrypted' };

/** A selection made ready for a walk. */
export interface Selector {
  /** Whether a match encrypts (`encrypted_*`) or leaves in clear (`unencrypted_*`). */
  readonly matchEncrypts: boolean;
  /** What is matched: the keys of the path, or the comments in front. */
  readonly subject: 'key' | 'comment';
  matches(text: string): boolean;
}

/**
 * Compiles a selection.
 *
 * @throws SopsError `invalid-config` for a regex that does not compile: values must never be left in clear for it (D3)
 */
export async function createSelector(selection: Selection | undefined): Promise<Selector> {
  if (selection === undefined) return EVERYTHING;
  const { setting, text } = selection;
  const matchEncrypts = setting.startsWith('encrypted_');
  if (setting.endsWith('_suffix')) return { matchEncrypts, subject: 'key', matches: (key) => key.endsWith(text) };
  const regex = await compileRegex(text);
  const subject = setting.endsWith('_comment_regex') ? 'comment' : 'key';
  return { matchEncrypts, subject, matches: memoized((subjectText) => regex.matches(subjectText)) };
}

/** Selects every leaf. */
export const EVERYTHING: Selector = { matchEncrypts: false, subject: 'key', matches: () => false };

/** Keys repeat a great deal (`name`, `value`, …), and a search through a compiled regex costs microseconds. */
function memoized(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = test(text);
      if (known.size < 10_000) known.set(text, result);
    }
    return result;
  };
}

/**
 * Takes the one setting that is not empty.
 *
 * @throws what `onSeveral` makes, when more than one is
 */
export function selectionOf(
  settings: Partial<Record<SelectionSetting, string | undefined>>,
  onSeveral: () => SopsError,
): Selection | undefined {
  const given = SELECTION_SETTINGS.filter((setting) => (settings[setting] ?? '') !== '');
  if (given.length > 1) throw onSeveral();
  const [setting] = given;
  return setting === undefined ? undefined : { setting, text: settings[setting] ?? '' };
}
