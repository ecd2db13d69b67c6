import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CommentOrigin } from '../../../../src/core/formats/yaml/origin.ts';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Comment, MapNode, Node } from '../../../../src/core/tree/node.ts';

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
  }[];
}

const { experiments } = JSON.parse(readFileSync(new URL('yaml-comments.json', import.meta.url), 'utf8')) as {
  experiments: Experiment[];
};

interface Found {
  aad: string;
  start: number | undefined;
  text: string;
}

/** All comments below a node in tree order, with the additional data that they are sealed with. */
function commentsBelow(root: MapNode): Found[] {
  const found: Found[] = [];
  const visit = (node: Node | Comment, path: string): void => {
    if (node.kind === 'comment') {
      found.push({
        aad: path === '' ? ':' : path,
        start: (node.origin as CommentOrigin | undefined)?.start,
        text: node.text,
      });
    } else if (node.kind !== 'leaf') {
      for (const item of node.items) {
        if (item.kind === 'entry') visit(item.value, `${path}${item.key}:`);
        else visit(item, path);
      }
    }
  };
  visit(root, '');
  return found;
}

function place(input: string, form: 'plain' | 'encrypted') {
  const found = readYaml(input, form).documents.flatMap(commentsBelow);
  const lineStarts = [
    0,
    ...[...input.matchAll(/\r\n|[\r\n\x85\u2028\u2029]/g)].map((match) => match.index + match[0].length),
  ];
  return (line: number, text: string): string[] => {
    const from = lineStarts[line - 1] ?? -1;
    const to = lineStarts[line] ?? Infinity;
    const own = found.filter(({ start }) => start !== undefined && start >= from && start < to);
    const copies = found.filter((comment) => comment.start === undefined && comment.text === text);
    return [...own, ...copies].map(({ aad }) => aad);
  };
}

describe.each(experiments)('$name', ({ input, comments }) => {
  const asIs = place(input, 'encrypted');
  const beforeMetadata = place(input, 'plain');
  test.each(comments)(
    'line $line belongs to the container that the reference takes',
    ({ line, text, aad, aadEncryptedFile }) => {
      const now = asIs(line, text);
      if (aad === null) expect(now).toHaveLength(1);
      else expect(now).toEqual([aad].flat());
      const later = aadEncryptedFile === undefined ? aad : aadEncryptedFile;
      if (later === null) expect(beforeMetadata(line, text)).toHaveLength(1);
      else expect(beforeMetadata(line, text)).toEqual([later].flat());
    },
  );
});
