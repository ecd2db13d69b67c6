import { SopsError } from '../errors.ts';
import type { FormatName } from '../formats/format.ts';
import type { StoreSettings } from './config.ts';

/** What a number of `indent` means in a format. */
interface IndentRule {
  /** Numbers below it are refused. */
  least: number;
  refusal: string;
  /** What stands for the numbers that the format cannot have. */
  effective(indent: number): number;
}

const JSON_RULE: IndentRule = {
  least: -1,
  refusal: 'JSON Indentation parameter smaller than -1 is not accepted',
  effective: (indent) => indent,
};

/** Upstream's YAML emitter takes 2 for what lies outside its range. */
const YAML_RULE: IndentRule = {
  least: 0,
  refusal: 'YAML Negative indentation not accepted',
  effective: (indent) => (indent === 0 ? 4 : indent < 2 || indent > 9 ? 2 : indent),
};

const RULES: Readonly<Partial<Record<FormatName, IndentRule>>> = {
  yaml: YAML_RULE,
  json: JSON_RULE,
  binary: JSON_RULE,
};

/** The indentation that the configuration gives for a format. Undefined for a format without indentation. */
export function configuredIndent(stores: StoreSettings, format: FormatName): number | undefined {
  if (format === 'yaml') return stores.yaml.indent;
  if (format === 'json') return stores.json.indent;
  return format === 'binary' ? stores.jsonBinary.indent : undefined;
}

/**
 * What a number given as `--indent` or in `stores` means: spaces, or -1 for a tab (JSON). Undefined for a format without
 * indentation. Upstream: `stores/yaml/store.go`, `stores/json/store.go`.
 *
 * @throws SopsError `dump` for a number that the format does not accept
 */
export function effectiveIndent(format: FormatName, indent: number): number | undefined {
  const rule = RULES[format];
  if (rule === undefined) return undefined;
  if (indent < rule.least) throw new SopsError('dump', rule.refusal);
  return rule.effective(indent);
}
