import path from 'node:path';
import { expect, test } from 'vitest';
import { isCommandGroup } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import { quiet, Sandbox } from './program.ts';

async function commandPaths(): Promise<string[][]> {
  const paths: string[][] = [[]];
  for (const entry of COMMANDS) {
    paths.push([entry.name]);
    const command = await entry.load();
    if (isCommandGroup(command)) paths.push(...command.commands.map(({ name }) => [entry.name, name]));
  }
  return paths;
}

test('the help of every command prints, says how to call it, and fits 100 columns', async () => {
  const sandbox = new Sandbox();
  for (const words of await commandPaths()) {
    const ended = await sandbox.run([...words, '--help']);
    expect({ ...ended, stdout: '' }, words.join(' ')).toEqual(quiet());
    const lines = ended.stdout.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const usage = lines[lines.indexOf('Usage:') + 1];
    expect(usage, words.join(' ')).toMatch(new RegExp(`^  ${['sops-ts', ...words].join(' ')} `));
  }
});

const noMan =
  findProgram('man') === undefined || findProgram('groff') === undefined ? 'apt-get install man-db groff' : undefined;

describeUnless(noMan, 'the manual page', () => {
  test('renders without a warning, and fits 100 columns', async () => {
    const sandbox = new Sandbox();
    const page = await sandbox.run(['man']);
    expect({ ...page, stdout: '' }).toEqual(quiet());
    sandbox.write('sops-ts.1', page.stdout);
    const env = { MANWIDTH: '80', MANPAGER: 'cat', LC_ALL: 'C.UTF-8' };
    const rendered = await sandbox.startProgram(['man', '--warnings=all', '-l', path.join('.', 'sops-ts.1')], { env })
      .ended;
    expect({ ...rendered, stdout: '' }).toEqual(quiet());
    const lines = rendered.stdout.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    for (const { name } of COMMANDS) {
      expect(lines.filter((line) => line.startsWith(`   ${name} `)).length, name).toBeGreaterThan(0);
    }
  });
});
