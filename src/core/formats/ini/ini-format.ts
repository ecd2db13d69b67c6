/** INI files. Upstream: `stores/ini/store.go`. */
import { SopsError } from '../../errors.ts';
import type { Entry, Leaf, ListNode, Tree } from '../../tree/node.ts';
import { decodeText, encodeText, isWellFormed } from '../../tree/utf8.ts';
import type { EmitOptions, Form, Format, Source } from '../format.ts';
import { emitJsonValue } from '../json/json-format.ts';
import { writeIniWithLayout } from './ini-layout.ts';
import { DEFAULT_SECTION, readIni } from './ini-reader.ts';
import { IniSource, KeySpan, SectionSpan } from './ini-source.ts';
import { checkNotRepeated, leafOf, sectionMap, writeIni } from './ini-writer.ts';
import { quoteKey, quoteSection } from './quote-ini.ts';

export const iniFormat: Format = {
  name: 'ini',
  metadataLayout: 'section',
  commentAttempts: [{}],
  parse: (source, form) => readIni(typeof source === 'string' ? source : decodeText(source), form),
  emit: (tree, options) => emitIni(tree, options),
  emitValue: (node) => emitCompactValue(node),
  checkHolds: (tree, form) => {
    checkIniHolds(tree, form);
  },
  dropImplicit: (tree) => {
    dropImplicitSection(tree);
  },
  example: () => exampleTree(),
};

/** Upstream starts every file with an empty section `DEFAULT`, and a written one is a second. */
function dropImplicitSection({ documents: [document] }: Tree): void {
  const sections = document?.items.filter(
    (item): item is Entry => item.kind === 'entry' && item.key === DEFAULT_SECTION,
  );
  const [first, second] = sections ?? [];
  if (!document || !second || first?.value.kind !== 'map' || first.value.items.length > 0) return;
  document.items = document.items.filter((item) => item !== first);
}

function emitIni(tree: Tree, { form, indent }: EmitOptions): Source {
  const { origin } = tree;
  const text =
    origin instanceof IniSource && indent === undefined ? writeIniWithLayout(tree, origin, form) : writeIni(tree, form);
  return isWellFormed(text) ? text : encodeText(text);
}

/** Upstream prints single values as JSON on one line. */
function emitCompactValue(node: Leaf | ListNode): string {
  return emitJsonValue(node, { eol: undefined, unit: '', colon: ':', gap: '' });
}

/** @throws SopsError `dump` */
function checkIniHolds({ documents }: Tree, form: Form): void {
  if (documents.length === 0 || (form === 'encrypted' && documents.length > 1)) {
    throw new SopsError('dump', `Error marshaling to INI: an INI file holds one document, not ${documents.length}`);
  }
  for (const { items } of documents) {
    for (const item of items) {
      if (item.kind !== 'entry') continue;
      if (!(item.origin instanceof SectionSpan)) quoteSection(item.key);
      checkSection(item, form);
    }
  }
}

function checkSection(section: Entry, form: Form): void {
  const keys = new Set<string>();
  for (const item of sectionMap(section).items) {
    if (item.kind !== 'entry') continue;
    if (!(item.origin instanceof KeySpan)) quoteKey(item.key, false);
    const location = [section.key, item.key];
    if (leafOf(item).value === null && form === 'encrypted') {
      throw new SopsError('dump', 'Error marshaling to INI: cannot use null in an INI file', { location });
    }
    checkNotRepeated(item, keys);
  }
}

/** What a new INI file starts with. Upstream: `stores/stores.go` (`ExampleSimpleTree`). */
function exampleTree(): Tree {
  const entry = (key: string, value: string): Entry => ({ kind: 'entry', key, value: { kind: 'leaf', value } });
  const section: Entry = {
    kind: 'entry',
    key: 'Welcome!',
    value: {
      kind: 'map',
      items: [
        { kind: 'comment', text: 'An example file.', inline: false },
        entry('hello', 'Welcome! Change this file as you like.'),
        entry('example_key', 'example_value'),
      ],
    },
  };
  return { documents: [{ kind: 'map', items: [section] }] };
}
