/** The metadata block of a file as {@link Metadata}. Upstream: `stores/metadata.go` (`ToInternal`). */
import { SopsError } from '../errors.ts';
import type { KeyType } from '../keys/key-type.ts';
import { keyTypes } from '../keys/key-types.ts';
import type { KeyGroup, MasterKey } from '../keys/master-key.ts';
import type { MapNode } from '../tree/node.ts';
import { DEFAULT_SELECTION, SELECTION_SETTINGS, selectionOf } from '../tree/selection.ts';
import { Fields } from './decode-fields.ts';
import type { Metadata } from './metadata.ts';

/**
 * Reads files of every release since 3.0: fields in any order, unknown ones ignored.
 *
 * @throws SopsError `invalid-metadata`
 */
export function decodeMetadata(block: MapNode): Metadata {
  const fields = new Fields(block, '');
  const settings = Object.fromEntries(SELECTION_SETTINGS.map((setting) => [setting, fields.text(setting)]));
  const metadata = {
    mac: fields.text('mac'),
    version: fields.text('version'),
    threshold: fields.integer('shamir_threshold'),
    macOnlyEncrypted: fields.boolean('mac_only_encrypted'),
    lastModified: fields.time('lastmodified'),
    groups: decodeGroups(fields),
  };
  const selection = selectionOf(settings, severalSelections) ?? DEFAULT_SELECTION;
  return { ...metadata, selection };
}

function severalSelections(): SopsError {
  return new SopsError(
    'invalid-metadata',
    'Cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file',
  );
}

/** Keys directly in the block are one group, and then `key_groups` does not count. */
function decodeGroups(fields: Fields): KeyGroup[] {
  const flat = decodeGroup(fields);
  if (flat.length > 0) return [flat];
  const groups = fields.maps('key_groups').map(decodeGroup);
  if (groups.length === 0) throw new SopsError('invalid-metadata', 'No keys found in file');
  return groups;
}

function decodeGroup(fields: Fields): KeyGroup {
  return keyTypes.flatMap((type) => fields.maps(type.name).map((entry) => decodeKey(type, entry)));
}

function decodeKey(type: KeyType, entry: Fields): MasterKey {
  const names: Record<string, string | Record<string, string>> = {};
  let enc = '';
  let createdAt: string | undefined;
  for (const { name, form, always } of type.metadataFields) {
    if (name === 'enc') enc = entry.text(name);
    else if (name === 'created_at') createdAt = entry.time(name);
    else if (form === 'text') {
      const text = entry.text(name);
      if (always || text !== '') names[name] = text;
    } else {
      const texts = entry.texts(name);
      if (always || Object.keys(texts).length > 0) names[name] = texts;
    }
  }
  const key: MasterKey = { type: type.name, fields: names, enc, createdAt };
  type.checkLoaded?.(key);
  return key;
}
