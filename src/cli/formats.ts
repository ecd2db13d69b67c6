import type { StoreSettings } from '../core/config/config.ts';
import { configuredIndent, effectiveIndent } from '../core/config/store-settings.ts';
import type { EmitSettings } from '../core/document/file.ts';
import type { Format } from '../core/formats/format.ts';
import { formatFor } from '../core/formats/formats.ts';
import { absolutePath } from '../node/files.ts';
import type { CommandContext } from './command.ts';
import { FILENAME_OVERRIDE, INDENT, INPUT_TYPE, OUTPUT_TYPE } from './flags/table.ts';

/** The path that tells formats and creation rule: `--filename-override`, else the file; empty for stdin without either. */
export function namingPath({ flags, host }: CommandContext, file: string | undefined): string {
  const override = flags.get(FILENAME_OVERRIDE);
  return override === '' ? (file ?? '') : absolutePath(host.cwd, override);
}

/** The format to read: `--input-type` where it names one, else by the path. */
export function inputFormat({ flags }: CommandContext, path: string): Format {
  return formatFor(flags.get(INPUT_TYPE), path);
}

/** The format to write. Without `--output-type` it comes from the path too, whatever `--input-type` says. */
export function outputFormat({ flags }: CommandContext, path: string): Format {
  return formatFor(flags.get(OUTPUT_TYPE), path);
}

/**
 * How a text is laid out: anew with `--indent`, else as the source with the configuration's indentation for the rest.
 *
 * @throws SopsError `dump` for an indentation that the format does not accept
 */
export function emitSettings({ globals }: CommandContext, format: Format, stores: StoreSettings): EmitSettings {
  const configured = configuredIndent(stores, format.name);
  return {
    indent: globals.isGiven(INDENT) ? indentOf(format, globals.get(INDENT)) : undefined,
    defaultIndent: configured === undefined ? undefined : indentOf(format, configured),
  };
}

/** JSON takes the number as it is, and refuses it in its own words. */
function indentOf({ name }: Format, indent: number): number | undefined {
  return name === 'json' || name === 'binary' ? indent : effectiveIndent(name, indent);
}
