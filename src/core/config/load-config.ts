import { FormatError } from '../errors.ts';
import type { Source } from '../formats/format.ts';
import { readYaml } from '../formats/yaml/read.ts';
import type { Tree } from '../tree/node.ts';
import { decodeText } from '../tree/utf8.ts';
import type { Config } from './config.ts';
import { NO_CONFIG } from './config.ts';
import { configFromTree } from './config-from-tree.ts';
import { invalidConfig } from './decoding.ts';

/**
 * Reads a `.sops.yaml`: its first document. A mistake inside a rule that needs the rule to be understood (a malformed
 * key, a regex that does not compile) shows only when the rule is chosen.
 *
 * @throws SopsError `invalid-config` with go-yaml's text behind `error loading config: Could not unmarshal config file: `
 */
export function loadConfig(source: Source): Config {
  let tree: Tree;
  try {
    tree = readYaml(typeof source === 'string' ? source : decodeText(source));
  } catch (error) {
    if (error instanceof FormatError) throw invalidConfig(error.message, { cause: error });
    throw error;
  }
  const [root] = tree.documents;
  return root === undefined ? NO_CONFIG : configFromTree(root);
}
