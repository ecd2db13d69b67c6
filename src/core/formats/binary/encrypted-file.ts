/**
 * Tells a file that is encrypted already, whatever its name, from a text that merely mentions one: the whole text has to have
 * the structure of its format, and the metadata block a time and a MAC.
 */

import type { Entry, MapNode } from '../../tree/node.ts';
import { decodeText } from '../../tree/utf8.ts';
import type { Source } from '../format.ts';
import { parseJson } from '../json/json-format.ts';

const MAC = 'ENC[AES256_GCM,data:';

/** Whether the content is a whole encrypted JSON (or binary), YAML, dotenv or INI file. */
export function isEncryptedFile(source: Source): boolean {
  const text = textWithMac(source);
  if (text === undefined) return false;
  return isEncryptedJson(text) || isEncryptedYaml(text) || isEncryptedDotenv(text) || isEncryptedIni(text);
}

/** The content as text; undefined when it has no ciphertext or is no text. */
function textWithMac(source: Source): string | undefined {
  if (typeof source === 'string') return source.includes(MAC) && source.includes('sops') ? source : undefined;
  // A zero byte: nothing that this program writes.
  if (source.includes(0)) return undefined;
  return textWithMac(decodeText(source));
}

function isEncryptedJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  let items: MapNode['items'];
  try {
    items = parseJson(text).documents[0]?.items ?? [];
  } catch {
    return false;
  }
  const block = items.find((item): item is Entry => item.kind === 'entry' && item.key === 'sops')?.value;
  if (block?.kind !== 'map') return false;
  const names = block.items.map((item) => (item.kind === 'entry' ? item.key : ''));
  return names.includes('lastmodified') && names.includes('mac');
}

const YAML_LINE = /^(?:#|---|\.\.\.|%|[-\]}](?:\s|$)|[^\s`*!|>%@&[\]{},#-][^\n]*:(?:\s|$))/;

function isEncryptedYaml(text: string): boolean {
  const block = /^(?:sops|"sops"|'sops'):[ \t]*\r?\n((?:[ \t]+[^\n]*(?:\n|$)|\r?\n)+)/m.exec(text)?.[1];
  if (block === undefined || !hasTimeAndMac(block, /^[ \t]+["']?(lastmodified|mac)["']?:/gm)) return false;
  return linesMatch(text, (line) => /^\s/.test(line) || YAML_LINE.test(line));
}

function isEncryptedDotenv(text: string): boolean {
  if (!hasTimeAndMac(text, /^sops_(lastmodified|mac)=/gm)) return false;
  return linesMatch(text, (line) => line.startsWith('#') || line.includes('='));
}

function isEncryptedIni(text: string): boolean {
  const block = /^\[sops\][^\n]*\n((?:[^[\n][^\n]*(?:\n|$)|\n)*)/m.exec(text)?.[1];
  if (block === undefined || !hasTimeAndMac(block, /^[ \t]*(lastmodified|mac)[ \t]*[=:]/gm)) return false;
  return linesMatch(text, (line) => /^\s*[#;[]/.test(line) || /[=:]/.test(line));
}

function hasTimeAndMac(text: string, pattern: RegExp): boolean {
  const names = new Set(Array.from(text.matchAll(pattern), ([, name]) => name));
  return names.size === 2;
}

/** Whether every line that is not blank is one of the format. */
function linesMatch(text: string, isLine: (line: string) => boolean): boolean {
  return text.split('\n').every((line) => line.trim() === '' || isLine(line));
}
