// Writes dist/THIRD-PARTY.txt: the licences of the packages whose code is in the bundles.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Bundled besides what package.json depends on. */
const BUNDLED = ['openpgp'];

/** @param {string} root @param {string} outdir */
export function writeLicences(root, outdir) {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const queue = [...Object.keys(dependencies), ...BUNDLED];
  const texts = [];
  for (const name of queue) {
    const folder = path.join(root, 'node_modules', name);
    if (!existsSync(folder)) continue;
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const inner of Object.keys(manifest.dependencies ?? {})) if (!queue.includes(inner)) queue.push(inner);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : `Licence: ${manifest.license}`;
    texts.push(`${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}\n`);
  }
  writeFileSync(path.join(root, outdir, 'THIRD-PARTY.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}
