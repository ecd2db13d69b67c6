import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Command, CommandEntry } from '../../src/cli/command.ts';
import { isCommandGroup } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { dashed, flagNames } from '../../src/cli/flags/flag.ts';
import { GLOBAL_FLAGS } from '../../src/cli/flags/global.ts';
import { runWith } from './memory-host.ts';

async function allCommands(entries: readonly CommandEntry[], path: string[] = []): Promise<[string[], Command][]> {
  const found: [string[], Command][] = [];
  for (const entry of entries) {
    const command = await entry.load();
    const here = [...path, entry.name];
    if (isCommandGroup(command)) found.push(...(await allCommands(command.commands, here)));
    else found.push([here, command]);
  }
  return found;
}

test('the manual page has every command with all of its flags, and those before a command', async () => {
  const { status, stdout, stderr } = await runWith({}, 'man');
  expect([status, stderr]).toEqual([0, '']);
  const sections = stdout.split(/^\.S[SH] /m).map((section) => section.replaceAll('\\-', '-').replaceAll('"', ''));
  for (const [path, { flags }] of await allCommands(COMMANDS)) {
    const section = sections.find((text) => text.startsWith(`${path.join(' ')} `)) ?? '';
    const missing = flags.flatMap(flagNames).filter((name) => !section.includes(`\\fB${dashed(name)}\\fR`));
    expect([path, missing]).toEqual([path, []]);
  }
  const last = sections.find((text) => text.startsWith('FLAGS BEFORE')) ?? '';
  expect(GLOBAL_FLAGS.flatMap(flagNames).filter((name) => !last.includes(`\\fB${dashed(name)}\\fR`))).toEqual([]);
});

test('the manual page is roff that no request gets lost in', async () => {
  const { stdout } = await runWith({}, 'man');
  const requests = new Set(stdout.match(/^\.\S+/gm));
  expect([...requests].sort()).toEqual(['.B', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.br', '.fi', '.nf']);
  expect(stdout.match(/^'/m)).toBe(null);
});

const hasGroff = spawnSync('groff', ['--version']).error === undefined;

test.skipIf(!hasGroff)('groff has nothing to say about the manual page', async () => {
  const { stdout } = await runWith({}, 'man');
  const { stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-z'], { input: stdout, encoding: 'utf8' });
  expect(stderr).toBe('');
});

test('an example is written as it is typed, with the program behind its variables', async () => {
  const examples = (text: string): string[] =>
    text.match(/^.*sops-ts edit .*secrets.*$/gm)?.map((line) => line.trim()) ?? [];
  const expected = ['sops-ts edit secrets.yaml', "SOPS_EDITOR='code --wait' sops-ts edit secrets.yaml"];
  expect(examples((await runWith({}, 'edit', '--help')).stdout)).toEqual(expected);
  expect(examples((await runWith({}, 'man')).stdout.replaceAll('\\-', '-'))).toEqual(expected);
});

test('every command takes --verbose and --help, and its help and the manual page say so', async () => {
  for (const [path] of await allCommands(COMMANDS)) {
    const help = await runWith({}, ...path, '--verbose', '--help');
    expect([path, help.status, help.stdout.match(/--(?:verbose|help)\b/g)]).toEqual([path, 0, ['--verbose', '--help']]);
  }
  expect((await runWith({}, 'man')).stdout).toContain(
    '\\fB\\-\\-verbose\\fR and \\fB\\-\\-help\\fR may stand behind every command, too.\n',
  );
});

test('help of a command names each of its flags and variables', async () => {
  for (const [path, { flags, variables = [] }] of await allCommands(COMMANDS)) {
    const { stdout } = await runWith({}, ...path, '--help');
    const words = new Set(stdout.split(/[\s,[\]]+/));
    const names = [...flags.flatMap(flagNames).map(dashed), ...flags.flatMap(({ env }) => (env ? [`$${env}`] : []))];
    const missing = [
      ...names.filter((name) => !words.has(name)),
      ...variables.filter(([name]) => !stdout.includes(name)),
    ];
    expect([path, missing]).toEqual([path, []]);
  }
});
