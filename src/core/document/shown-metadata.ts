/** Metadata that were shown in an editor and may have been changed there. */
import { prefixed } from '../errors.ts';
import type { Format } from '../formats/format.ts';
import { wrapDataKey } from '../keys/data-key.ts';
import type { KeyGroup } from '../keys/master-key.ts';
import type { MetadataCarrier } from '../metadata/carrier.ts';
import { takeMetadata } from '../metadata/carrier.ts';
import { decodeMetadata } from '../metadata/decode-metadata.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { Tree } from '../tree/node.ts';
import type { Environment } from './file.ts';
import { checkVersion } from './version.ts';

/** Takes the metadata out of an edited tree. @throws SopsError `invalid-metadata`, `invalid-version` */
export function takeShownMetadata(tree: Tree, format: Format): { metadata: Metadata; carrier: MetadataCarrier } {
  const { block, carrier } = takeMetadata(tree, format.metadataLayout);
  const metadata = decodeMetadata(block);
  checkVersion(metadata.version);
  return { metadata, carrier };
}

/**
 * Wraps the data key for the keys of an edited block. A block that only lacks some of its former keys stays as it is.
 *
 * @throws SopsError `generic` when a key cannot wrap the data key, or the groups make no sense
 */
export async function wrapForChangedKeys(
  metadata: Metadata,
  former: Metadata,
  dataKey: Uint8Array,
  { services, crypto }: Environment,
): Promise<void> {
  if (hasOnlyKeysOf(metadata, former)) return;
  try {
    metadata.threshold = await wrapDataKey(dataKey, metadata.groups, metadata.threshold, services, crypto);
  } catch (error) {
    throw prefixed('Could not generate data key: ', error);
  }
}

function hasOnlyKeysOf({ groups, threshold }: Metadata, former: Metadata): boolean {
  if (groups.length !== former.groups.length) return false;
  if (groups.length > 1 && threshold !== former.threshold) return false;
  return groups.every((group, index) => group.length > 0 && isPartOf(group, former.groups[index] ?? []));
}

function isPartOf(group: KeyGroup, former: KeyGroup): boolean {
  const known = new Set(former.map((key) => JSON.stringify(key)));
  return group.every((key) => known.has(JSON.stringify(key)));
}
