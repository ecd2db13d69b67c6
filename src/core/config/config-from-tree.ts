import type { MapNode } from '../tree/node.ts';
import type { Config, ConfigWarning, CreationRule, DestinationRule } from './config.ts';
import { NO_CONFIG } from './config.ts';
import type { Decoding, FieldReader } from './decoding.ts';
import { finishDecoding, readList, readStruct, startDecoding } from './decoding.ts';
import { readCreationRule, readDestinationRule, readStores } from './read-rules.ts';

/** Reads the root of a parsed configuration. @throws SopsError `invalid-config` for wrong types and keys given twice */
export function configFromTree(root: MapNode): Config {
  const decoding = startDecoding();
  const config = readConfig(decoding, root);
  finishDecoding(decoding);
  return { ...config, warnings: inOrder(decoding.warnings) };
}

/** A map that is used more than once, through aliases, was read more than once. */
function inOrder(warnings: readonly ConfigWarning[]): ConfigWarning[] {
  const unique = new Map(warnings.map((warning) => [`${warning.line ?? ''} ${warning.message}`, warning]));
  return [...unique.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function readConfig(decoding: Decoding, root: MapNode): Config {
  const config: Config = { ...NO_CONFIG };
  const fields: [string, FieldReader][] = [
    [
      'creation_rules',
      (value) => {
        const rules: CreationRule[] = [];
        readList(decoding, value, '[]config.creationRule', (item) => rules.push(readCreationRule(decoding, item)));
        config.creationRules = rules;
      },
    ],
    [
      'destination_rules',
      (value) => {
        const rules: DestinationRule[] = [];
        readList(decoding, value, '[]config.destinationRule', (item) =>
          rules.push(readDestinationRule(decoding, item)),
        );
        config.destinationRules = rules;
      },
    ],
    [
      'stores',
      (value) => {
        config.stores = readStores(decoding, value);
      },
    ],
  ];
  readStruct(decoding, root, { type: 'config.configFile', label: 'the configuration', open: true }, new Map(fields));
  return config;
}
