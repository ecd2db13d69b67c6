// Bundles the command line for Node: one CommonJS file with all that is ours, and one for each dependency, loaded when it is
// needed. A module system of files costs more than the work of a decrypt.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** What a decrypt with a local key does not use: loaded with the first use of something of it. */
const LAZY = new Set(
  [
    ['child_process', 'dns/promises', 'fs/promises', 'http', 'http2', 'net'],
    ['os', 'stream', 'timers/promises', 'tls', 'tty'],
  ].flat(),
);

/** Gives each such module as getters of the names that are imported from it anywhere. */
function lazyBuiltins(sources) {
  const names = new Map();
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(path.join(sources, file), 'utf8');
    const [, whole] = /^import (?!type)[*\w][^'{]* from 'node:([\w/]+)';$/m.exec(text) ?? [];
    if (LAZY.has(whole)) throw new Error(`${file}: import names from node:${whole}, not the whole of it`);
    for (const [, list, name] of text.matchAll(/^import \{([^}]+)\} from 'node:([\w/]+)';$/gm)) {
      const known = names.get(name) ?? new Set();
      names.set(name, known);
      for (const [word] of list.matchAll(/\w+(?= as |,|\s*$)/g)) known.add(word);
    }
  }
  /** @type {import('esbuild').Plugin} */
  const plugin = {
    name: 'lazy-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/ }, ({ path: specifier, kind }) => {
        const name = specifier.slice('node:'.length);
        const isLazy = LAZY.has(name) && kind === 'import-statement';
        return isLazy ? { path: name, namespace: 'lazy' } : { path: name, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => {
        const load = `process.getBuiltinModule('${name}')`;
        const getters = [...(names.get(name) ?? [])].map((key) => `get ${key}() { return ${load}.${key} }`);
        return { contents: `module.exports = { ${getters.join(', ')} }` };
      });
    },
  };
  return plugin;
}

/** Leaves the dependencies out, and notes them. The paths are relative to the launcher, whose `require` is used. */
function outsidePackages(found, folder) {
  /** @type {import('esbuild').Plugin} */
  const plugin = {
    name: 'outside-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^[a-z@]/ }, ({ path: specifier, kind }) => {
        if (kind === 'entry-point' || specifier.startsWith('node:')) return undefined;
        const name = specifier.replace(/^@|\.js$/g, '').replaceAll('/', '-');
        found[name] = specifier;
        return { path: `../${folder}/${name}.cjs`, external: true };
      });
    },
  };
  return plugin;
}

/**
 * Writes `<outdir>/cli.cjs`, a function that takes `require`, behind a comment with 16 letters that name its contents, and
 * `<outdir>/cli/*.cjs`.
 *
 * @param {import('esbuild').BuildOptions} common
 * @returns what esbuild tells of them
 */
export async function bundleCli(common) {
  const { absWorkingDir: root, outdir } = common;
  const options = {
    ...common,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    splitting: false,
    // A script without a module around it has no import().
    supported: { 'dynamic-import': false },
    define: { ...common.define, 'process.env.NODE_ENV': '"production"' },
  };
  const packages = {};
  const plugins = [lazyBuiltins(path.join(root, 'src')), outsidePackages(packages, `${outdir}/cli`)];
  const result = await build({ ...options, entryPoints: ['src/cli/main.ts'], outdir, write: false, plugins });
  const code = `(function(require){${result.outputFiles[0].text}})`;
  // The launcher reads it as Latin-1; esbuild escapes all else.
  if (/[^\0-\x7f]/.test(code)) throw new Error('the bundle is not ASCII');
  const id = createHash('sha256').update(code).digest('hex').slice(0, 16);
  mkdirSync(path.join(root, outdir), { recursive: true });
  writeFileSync(path.join(root, outdir, 'cli.cjs'), `/*${id}*/${code}`);
  const outside = await build({
    ...options,
    entryPoints: packages,
    outdir: `${outdir}/cli`,
    outExtension: { '.js': '.cjs' },
    // openpgp asks for the address of its own module, which CommonJS has none of.
    define: { ...options.define, 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  });
  return [result.metafile, outside.metafile];
}
