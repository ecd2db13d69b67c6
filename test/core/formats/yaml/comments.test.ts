import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CommentOrigin } from '../../../../src/core/formats/yaml/origin.ts';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Entry, Leaf, MapNode, Node } from '../../../../src/core/tree/node.ts';
import type { Selector } from '../../../../src/core/tree/selection.ts';
import { EVERYTHING } from '../../../../src/core/tree/selection.ts';
import { walk } from '../../../../src/core/tree/walk.ts';

/** Where the reference puts each comment (3.13.3), found by encrypting the text with it: see `about` in the file. */
interface Experiment {
  name: string;
  input: string;
  comments: {
    line: number;
    text: string;
    /** Null: the reference loses it. A list: it is seen again by way of an alias. */
    aad: string | string[] | null;
    aadEncryptedFile?: string | string[] | null;
    /** Leaves of the first document that it governs under `encrypted_comment_regex`. */
    governs: string[];
  }[];
}

const { experiments } = JSON.parse(readFileSync(new URL('yaml-comments.json', import.meta.url), 'utf8')) as {
  experiments: Experiment[];
};

/** Gives the additional data of the comments on a line, and of copies with the same text that an alias made. */
function placesIn(input: string, form: 'plain' | 'encrypted'): (line: number, text: string) => string[] {
  const found: { additionalData: string; start: number | undefined; text: string }[] = [];
  for (const root of readYaml(input, form).documents) {
    walk(root, EVERYTHING, { sealed: false }, (node, additionalData) => {
      if (node.kind !== 'comment') return;
      found.push({ additionalData, start: (node.origin as CommentOrigin | undefined)?.start, text: node.text });
    });
  }
  const breaks = [...input.matchAll(/\r\n|[\r\n\x85\u2028\u2029]/g)].map((match) => match.index + match[0].length);
  const lineStarts = [0, ...breaks];
  return (line, text) => {
    const from = lineStarts[line - 1] ?? Infinity;
    const to = lineStarts[line] ?? Infinity;
    const own = found.filter(({ start }) => start !== undefined && start >= from && start < to);
    const copies = found.filter((comment) => comment.start === undefined && comment.text === text);
    return [...own, ...copies].map(({ additionalData }) => additionalData);
  };
}

/** The path of each leaf, list positions counted without comments: `a.b[0]`. */
function leafPaths(root: MapNode): Map<Leaf, string> {
  const paths = new Map<Leaf, string>();
  const visit = (node: Node, path: string): void => {
    if (node.kind === 'leaf') {
      paths.set(node, path);
    } else if (node.kind === 'list') {
      const elements = node.items.filter((item): item is Node => item.kind !== 'comment');
      for (const [index, element] of elements.entries()) visit(element, `${path}[${String(index)}]`);
    } else {
      const entries = node.items.filter((item): item is Entry => item.kind === 'entry');
      for (const { key, value } of entries) visit(value, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(root, '');
  return paths;
}

function governedBy(input: string, text: string): string[] {
  const [root] = readYaml(input, 'encrypted').documents;
  if (root === undefined) return [];
  const paths = leafPaths(root);
  const selector: Selector = { matchEncrypts: true, subject: 'comment', matches: (comment) => comment === text };
  const governed: string[] = [];
  walk(root, selector, { sealed: false }, (node, _additionalData, selected) => {
    if (node.kind === 'leaf' && selected && node.value !== null) governed.push(paths.get(node) ?? '?');
  });
  return governed;
}

describe.each(experiments)('$name', ({ input, comments }) => {
  const asItStands = placesIn(input, 'encrypted');
  const beforeMetadata = placesIn(input, 'plain');

  test.each(comments)('the comment on line $line belongs to the container that the reference takes', (comment) => {
    const { line, text, aad } = comment;
    const { aadEncryptedFile = aad } = comment;
    if (aad === null) expect(asItStands(line, text)).toHaveLength(1);
    else expect(asItStands(line, text)).toEqual([aad].flat());
    if (aadEncryptedFile === null) expect(beforeMetadata(line, text)).toHaveLength(1);
    else expect(beforeMetadata(line, text)).toEqual([aadEncryptedFile].flat());
  });

  test.each(comments.filter(({ aad }) => aad !== null))(
    'the comment on line $line governs the leaves that it governs for the reference',
    ({ text, governs }) => {
      expect(governedBy(input, text).sort()).toEqual([...governs].sort());
    },
  );
});
