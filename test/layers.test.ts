import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** The layers, lowest first; a file may import from its own layer and from those before it. */
const LAYERS = [
  'core/redact-secrets',
  'core/errors',
  'core/tree',
  'core/formats',
  'core/cipher',
  'core/keys',
  'core/metadata',
  'core/document',
  'core/config',
  'core/library',
  'core/index',
  'node',
  'cli',
];

/** Formats, cipher and keys know nothing of each other. */
const STRANGERS = ['core/formats', 'core/cipher', 'core/keys'];

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

function textOf(file: string): string {
  return readFileSync(path.join(src, file), 'utf8');
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const pattern = /(?:^|\n)\s*(import|export)\s+(type\s)?(?:[^'";]*?from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
  for (const match of textOf(file).matchAll(pattern)) {
    const name = match[3] ?? match[4] ?? '';
    const to = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
    found.push({ from: file, to, isType: match[2] !== undefined });
  }
  return found;
}

function layerOf(file: string): number {
  return LAYERS.findIndex((layer) => file === `${layer}.ts` || file.startsWith(`${layer}/`) || file === layer);
}

const imports = files.flatMap(importsOf);
const inner = imports.filter(({ to }) => to.endsWith('.ts'));

test('the tree of sources was found', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(inner.length).toBeGreaterThan(100);
});

test('every file belongs to a layer', () => {
  expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
});

test('imports go down only', () => {
  expect(inner.filter(({ from, to }) => layerOf(to) > layerOf(from))).toEqual([]);
});

test('formats, cipher and keys do not import each other', () => {
  const home = (file: string): string | undefined => STRANGERS.find((layer) => file.startsWith(`${layer}/`));
  expect(inner.filter(({ from, to }) => home(from) && home(to) && home(from) !== home(to) && !isContract(to))).toEqual(
    [],
  );
});

/** The injected primitives are a contract that keys use as well as the cipher. */
function isContract(file: string): boolean {
  return file === 'core/cipher/crypto.ts';
}

test('nothing inside src imports an index', () => {
  expect(inner.filter(({ to }) => to.endsWith('/index.ts'))).toEqual([]);
});

test('the core imports nothing of Node', () => {
  expect(imports.filter(({ from, to }) => from.startsWith('core/') && to.startsWith('node:'))).toEqual([]);
});

test('only main.ts touches process', () => {
  const pattern =
    /(?<![\w`.-])process\.(?:argv|cwd|env|exit|kill|on|pid|platform|std|umask|version)|from 'node:process'/;
  const touching = files.filter((file) => file.startsWith('cli/') && pattern.test(textOf(file)));
  expect(touching).toEqual(['cli/main.ts']);
});

test('no cycle runs through the imports of values', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to, isType } of inner) if (!isType) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, trail: string[]): void => {
    if (trail.includes(file)) {
      cycles.push([...trail.slice(trail.indexOf(file)), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});
