import { readdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { describeUnless, findProgram } from '../interop/programs.ts';
import { Sandbox } from './program.ts';

/** What somebody typed, and what the last word becomes. */
const COMPLETED: [typed: string, word: string][] = [
  ['sops-ts decr', 'decrypt'],
  ['sops-ts decrypt --input-t', '--input-type'],
  ['sops-ts decrypt --input-type j', 'json'],
  ['sops-ts groups del', 'delete'],
  ['sops-ts --config x filest', 'filestatus'],
  ['sops-ts updatekeys --chec', '--check'],
  ['sops-ts decrypt sec', 'secrets.yaml'],
  ['sops-ts decrypt -- sec', 'secrets.yaml'],
];

/** Words that no program should take for more than words. */
const ODD = [
  '$(touch hacked)',
  '`touch hacked`',
  '"$(touch hacked)',
  "'",
  '"',
  '\\',
  '*',
  '-$(touch hacked)',
  '--x=$(touch hacked)',
  ';touch hacked',
  '[',
  '{a,',
  '~',
  '!!',
  'é',
  '--',
  '-',
];

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  for (const name of ['secrets.yaml', 'other.env', 'a b.yaml']) sandbox.write(name, '');
});

function missing(shell: string): string | undefined {
  return findProgram(shell) === undefined ? `apt-get install ${shell}` : undefined;
}

async function lines(shell: string, script: string): Promise<string[]> {
  const { status, stdout, stderr } = await sandbox.shell(script, { shell });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function expectNothingRun(): void {
  expect(readdirSync(sandbox.folder).sort()).toEqual(['a b.yaml', 'other.env', 'secrets.yaml']);
}

describeUnless(missing('bash'), 'bash', () => {
  /** Calls the function that the script has registered, as readline does; with no answer bash completes files itself. */
  function script(lines: readonly (readonly string[])[]): string {
    const calls = lines.map((words) => `try ${words.map(quote).join(' ')}`);
    return `
      source <(sops-ts completion bash)
      registered=$(complete -p sops-ts)
      [[ "$registered" == *"-o default"* ]] || exit 9
      function=$(sed 's/.*-F \\([^ ]*\\).*/\\1/' <<<"$registered")
      try() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        "$function" sops-ts
        if [[ \${#COMPREPLY[@]} -eq 0 ]]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"; return; fi
        printf '%s\\n' "\${COMPREPLY[@]}"
      }
      ${calls.join('\n')}
      exit 0`;
  }

  test('completes commands, flags, their values and files', async () => {
    const typed = COMPLETED.map(([line]) => line.split(' '));
    expect(await lines('bash', script(typed))).toEqual(COMPLETED.map(([, word]) => word));
  });

  test('takes odd words for words', async () => {
    const asked = ODD.flatMap((word) => [
      ['sops-ts', 'decrypt', word],
      ['sops-ts', 'decrypt', word, ''],
    ]);
    expect((await sandbox.shell(script(asked), { shell: 'bash' })).status).toBe(0);
    expectNothingRun();
  });
});

describeUnless(missing('fish'), 'fish', () => {
  function script(typed: readonly string[]): string {
    const asked = typed.map((line) => `complete -C '${line.replaceAll(/['\\]/g, '\\$&')}'`);
    return ['sops-ts completion fish | source', ...asked, 'exit 0'].join('\n');
  }

  test('completes commands, flags, their values and files', async () => {
    const offered = await lines('fish', script(COMPLETED.map(([line]) => line)));
    expect(offered.map((line) => line.split('\t')[0])).toEqual(COMPLETED.map(([, word]) => word));
  });

  test('tells what a command is for', async () => {
    expect(await lines('fish', script(['sops-ts decr']))).toEqual(['decrypt\tDecrypt a file, or stdin']);
  });

  test('takes odd words for words', async () => {
    const asked = ODD.flatMap((word) => [`sops-ts decrypt ${word}`, `sops-ts decrypt ${word} `]);
    expect((await sandbox.shell(script(asked), { shell: 'fish' })).status).toBe(0);
    expectNothingRun();
  });
});

describeUnless(missing('zsh'), 'zsh', () => {
  /** Types into a zsh of its own, with a key that shows what has become of the line. */
  function script(typed: readonly string[]): string {
    const setUp = [
      'PS1= PS2=; unsetopt zle_bracketed_paste prompt_cr prompt_sp; stty -echo; zle_highlight=()',
      'autoload -Uz compinit; compinit -D -u; source <(sops-ts completion zsh)',
      "zstyle ':completion:*' list-prompt ''; LISTMAX=0",
      // By default the key expands words first, commands in them included; that is the shell's own.
      'bindkey "^I" complete-word',
      'show() { print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N show; bindkey "^G" show',
      'print READY',
    ].join('; ');
    return `
      zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z ${quote(setUp)}
      zpty -r z out '*READY*READY*'
      for typed in ${typed.map(quote).join(' ')}; do
        zpty -w -n z "$typed"$'\\t\\t\\a'
        zpty -r z out '*>>*'
        print -r -- "$out" | grep -a -o '<<.*>>'
      done
      zpty -d z`;
  }

  test('completes commands, flags, their values and files', async () => {
    const typed = COMPLETED.map(([line]) => line);
    const expected = COMPLETED.map(([line, word]) => `<<${line.replace(/\S+$/, word)} >>`);
    expect(await lines('zsh', script(typed))).toEqual(expected);
  });

  test('takes odd words for words', async () => {
    const typed = ODD.filter((word) => !['!!', '~'].includes(word)).map((word) => `sops-ts decrypt ${word}`);
    expect((await lines('zsh', script(typed))).length).toBe(typed.length);
    expectNothingRun();
  });
});
