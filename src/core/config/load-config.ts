import { FormatError } from '../errors.ts';
import type { Source } from '../formats/format.ts';
import { decodeSource } from '../formats/yaml/decode-source.ts';
import { readYaml } from '../formats/yaml/read.ts';
import type { Tree } from '../tree/node.ts';
import type { Config } from './config.ts';
import { NO_CONFIG } from './config.ts';
import { configFromTree } from './config-from-tree.ts';
import { invalidConfig } from './decoding.ts';

/** A line with anything but spaces and a comment. A tab is something: where nothing is before it, it is a mistake. */
const TEXT = /^(?!\ufeff? *(?:#|$))/m;
/** A line that is not empty, no comment and no directive. `---` is such a line. */
const CONTENT = /^\ufeff?(?:[^#%\s]|\s+[^#\s])/;
/** What the root of a document has to be, in the words for a file with values and in those for a configuration. */
const ROOT_TYPE = 'map[string]interface {}';
const ROOT_NAME = 'config.configFile';
const DOCUMENT_BOUNDARY = /^(?:---|\.\.\.)(?:\s|$)/;

/**
 * Reads a `.sops.yaml`: its first document. A mistake that needs the rule to be understood (a malformed key, a regex that does not
 * compile) shows only when the rule is chosen.
 *
 * @throws SopsError `invalid-config` with go-yaml's text behind `error loading config: Could not unmarshal config file: `
 */
export function loadConfig(source: Source): Config {
  let tree: Tree;
  try {
    const text = decodeSource(source);
    if (!TEXT.test(text)) return NO_CONFIG;
    tree = readYaml(firstDocument(text));
  } catch (error) {
    if (error instanceof FormatError)
      throw invalidConfig(error.message.replace(ROOT_TYPE, ROOT_NAME), { cause: error });
    throw error;
  }
  const [root] = tree.documents;
  return root === undefined ? NO_CONFIG : configFromTree(root);
}

/** What comes before the second document, which upstream does not read. */
function firstDocument(text: string): string {
  let inDocument = false;
  for (const { 0: line, index } of text.matchAll(/[^\r\n\u0085\u2028\u2029]+/g)) {
    if (inDocument && DOCUMENT_BOUNDARY.test(line)) return text.slice(0, index);
    inDocument ||= CONTENT.test(line);
  }
  return text;
}
