import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { MemoryHost, runWith } from './memory-host.ts';

const FLAG = '--generate-bash-completion';

async function candidates(words: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { status, stdout, stderr } = await runWith({ env }, ...words, FLAG);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

describe('completion candidates', () => {
  it('are the commands where a command may stand', async () => {
    const names = COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(await candidates([])).toEqual(names);
    expect(await candidates(['--config', 'keygen'])).toEqual(names);
    expect(await candidates(['-i'])).toEqual([]);
    expect(await candidates(['completion'])).toEqual(['bash', 'zsh', 'fish', 'powershell']);
  });

  it('are nothing behind a command, so that the shell offers files', async () => {
    expect(await candidates(['keygen'])).toEqual([]);
    expect(await candidates(['keygen', 'x'])).toEqual([]);
    expect(await candidates(['nothing'])).toEqual([]);
  });

  it('are the flags with the prefix behind a dash, long ones alone behind two', async () => {
    expect(await candidates(['keygen', '-'])).toEqual(['--output', '-o', '-y', '--pq', '--verbose', '--help', '-h']);
    expect(await candidates(['keygen', '--'])).toEqual(['--output', '--pq', '--verbose', '--help']);
    expect(await candidates(['keygen', '--o'])).toEqual(['--output']);
    expect(await candidates(['--input-'])).toEqual(['--input-type']);
  });

  it('leave out flags that are there already', async () => {
    expect(await candidates(['keygen', '-o', 'f', '--'])).toEqual(['--pq', '--verbose', '--help']);
  });

  it('are the values of a flag that has a few', async () => {
    expect(await candidates(['keyservice', '--network'])).toEqual(['tcp', 'unix']);
  });

  it('have descriptions where the script asks for them', async () => {
    const env = { _CLI_ZSH_AUTOCOMPLETE_HACK: '1' };
    expect(await candidates(['keygen', '--p'], env)).toEqual(['--pq:Make a post-quantum hybrid key']);
    expect((await candidates([], env)).filter((line) => line.startsWith('man'))).toEqual(['man:Print the manual page']);
  });
});

describe('completion scripts', () => {
  it('name the program as it was called', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const own = await new MemoryHost().run('completion', shell);
      const other = await new MemoryHost({ programName: 'sops' }).run('completion', shell);
      expect(other).toEqual({ ...own, stdout: own.stdout.replaceAll('sops-ts', 'sops').replaceAll('sops_ts', 'sops') });
    }
  });

  it('of bash offers what the program prints', async () => {
    const { stdout } = await runWith({}, 'completion', 'bash');
    const script = `${stdout}
      sops-ts() { printf '%s\\n' --extract --exit; printf '%s ' "$@" >&3; }
      COMP_WORDS=(sops-ts decrypt --ex); COMP_CWORD=2
      _sops_ts_complete 3>&1
      printf '[%s]' "\${COMPREPLY[@]}"`;
    const result = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect({ stdout: result.stdout, stderr: result.stderr }).toEqual({
      stdout: 'decrypt --ex --generate-bash-completion [--extract][--exit]',
      stderr: '',
    });
  });
});
