/** The registry of formats. Upstream: `cmd/sops/formats/formats.go`. */
import { binaryFormat } from './binary/binary-format.ts';
import { dotenvFormat } from './dotenv/dotenv-format.ts';
import type { Format, FormatName } from './format.ts';
import { iniFormat } from './ini/ini-format.ts';
import { jsonFormat } from './json/json-format.ts';
import { yamlFormat } from './yaml/yaml-format.ts';

const FORMATS: Readonly<Record<FormatName, Format>> = {
  yaml: yamlFormat,
  json: jsonFormat,
  dotenv: dotenvFormat,
  ini: iniFormat,
  binary: binaryFormat,
};

/** The ends of a path that tell the format, in upstream's order; anything else is binary. */
const SUFFIXES: readonly (readonly [string, FormatName])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
];

/** The format of that name. */
export function formatOf(name: FormatName): Format {
  return FORMATS[name];
}

/** Whether a text names a format, as `--input-type` and `--output-type` take it. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** The format of a file by the end of its path, letter case included; `.env.local` is binary. */
export function formatOfPath(path: string): Format {
  const found = SUFFIXES.find(([suffix]) => path.endsWith(suffix));
  return FORMATS[found?.[1] ?? 'binary'];
}

/** The format of that name, or else that of the path: a name that upstream does not know is ignored (K18). */
export function formatFor(name: string, path: string): Format {
  return isFormatName(name) ? FORMATS[name] : formatOfPath(path);
}
