import type { CreationSettings } from '../../core/config/creation-rule.ts';
import { selectionOfRule } from '../../core/config/creation-rule.ts';
import type { EmitSettings, Environment, OpenFile } from '../../core/document/file.ts';
import { defaultSelection, renewDataKey, sealAndEmit } from '../../core/document/file.ts';
import type { Source } from '../../core/formats/format.ts';
import { UPSTREAM_VERSION } from '../../core/metadata/metadata.ts';

/**
 * Encrypts an opened file for the keys of a recreation rule, with a new data key. What the rule says about what to encrypt counts,
 * as for a new file; upstream keeps only its suffix settings, and writes not even the default one (D8).
 *
 * @throws SopsError `generic` when a key cannot wrap the data key, `encrypt-tree`, `dump`
 */
export async function recreateFile(
  opened: OpenFile,
  rule: CreationSettings,
  settings: EmitSettings,
  environment: Environment,
): Promise<Source> {
  const { format } = opened;
  const isBinary = format.name === 'binary';
  const metadata: OpenFile['metadata'] = {
    groups: rule.keyGroups,
    threshold: rule.shamirThreshold,
    selection: (isBinary ? undefined : selectionOfRule(rule)) ?? defaultSelection(format),
    macOnlyEncrypted: !isBinary && rule.macOnlyEncrypted,
    version: UPSTREAM_VERSION,
    lastModified: '',
    mac: '',
  };
  const renewed = await renewDataKey({ ...opened, metadata }, environment);
  return sealAndEmit(renewed, format, settings, environment, { isNewKey: true });
}
