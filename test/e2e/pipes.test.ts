import { openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB } from '../cli/recorded.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import { HELD, quiet, Sandbox, SECRET } from './program.ts';

const PLAIN = `password: ${SECRET}\nport: 5432\n`;

/** With `plain.yaml` of a few lines and `big.yaml` of many, encrypted as `s.yaml` and `s-big.yaml`. */
async function sandboxWithFiles(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  sandbox.write('plain.yaml', PLAIN);
  sandbox.write('big.yaml', Array.from({ length: 20_000 }, (_, at) => `key-${at}: value ${at}\n`).join(''));
  for (const name of ['plain', 'big']) {
    sandbox.write(`s-${name}.yaml`, (await sandbox.run(['encrypt', `${name}.yaml`])).stdout);
  }
  sandbox.write('.sops.yaml', `creation_rules:\n  - age: ${BOB}\n`);
  return sandbox;
}

const needsBash = findProgram('bash') === undefined ? 'apt-get install bash' : undefined;

describeUnless(needsBash, 'pipes', () => {
  test('a reader that stops early ends the program quietly, as SIGPIPE would', async () => {
    const sandbox = await sandboxWithFiles();
    for (const command of ['decrypt s-big.yaml', `encrypt --age ${ALICE} big.yaml`, 'rotate s-big.yaml', 'man']) {
      const { stdout, stderr } = await sandbox.shell(`sops-ts ${command} | head -c 5; echo; echo "\${PIPESTATUS[@]}"`, {
        shell: 'bash',
      });
      expect({ stderr, end: stdout.slice(5) }, command).toEqual({ stderr: '', end: '\n0\n' });
    }
  });

  test('decrypt and encrypt work in chains', async () => {
    const sandbox = await sandboxWithFiles();
    const line =
      'sops-ts decrypt s-plain.yaml | sops-ts encrypt --filename-override x.yaml' +
      ' | sops-ts decrypt --input-type yaml --output-type yaml; echo "${PIPESTATUS[@]}"';
    expect(await sandbox.shell(`rm .sops.yaml; ${line}`, { shell: 'bash' })).toEqual(quiet(`${PLAIN}0 0 0\n`));
  });

  test('standard input may come slowly', async () => {
    const sandbox = await sandboxWithFiles();
    const running = sandbox.start(['encrypt', '--age', ALICE, '--filename-override', 'x.yaml'], { stdin: HELD });
    for (const part of PLAIN.split(/(?<=\n)/)) {
      running.child.stdin?.write(part);
      await sleep(60);
    }
    running.child.stdin?.end();
    const { stdout, ...rest } = await running.ended;
    expect({ ...rest, stdout: '' }).toEqual(quiet());
    const options = { stdin: stdout };
    expect(await sandbox.run(['decrypt', '--input-type', 'yaml', '--output-type', 'yaml'], options)).toEqual(
      quiet(PLAIN),
    );
  });

  test('a value may come slowly', async () => {
    const sandbox = await sandboxWithFiles();
    const line = `(sleep 0.1; printf '"sl'; sleep 0.1; printf 'ow"') | sops-ts set --value-stdin s-plain.yaml '["port"]'`;
    expect(await sandbox.shell(line)).toEqual(quiet());
    expect(await sandbox.run(['decrypt', 's-plain.yaml'])).toEqual(quiet(PLAIN.replace('5432', 'slow')));
  });

  test('files, results and the configuration may be pipes', async () => {
    const sandbox = await sandboxWithFiles();
    const as = '--input-type yaml --output-type yaml';
    const lines = [
      `sops-ts decrypt ${as} <(cat s-plain.yaml)`,
      `cat s-plain.yaml | sops-ts decrypt ${as} /dev/stdin`,
      `mkfifo pipe; cat s-plain.yaml >pipe & sops-ts decrypt ${as} pipe`,
      'sops-ts decrypt s-plain.yaml --output >(cat) | cat',
      'sops-ts decrypt s-plain.yaml --output /dev/stdout | cat',
      'sops-ts decrypt s-plain.yaml --output /dev/fd/1 | cat',
      `sops-ts --config <(printf 'creation_rules: [{age: ${ALICE}}]') encrypt plain.yaml | sops-ts decrypt ${as}`,
    ];
    for (const line of lines) expect(await sandbox.shell(line, { shell: 'bash' }), line).toEqual(quiet(PLAIN));
  });
});

describe('a stdout that cannot be written to', () => {
  const commands = [
    ['--help'],
    ['--version'],
    ['help', 'decrypt'],
    ['decrypt', '--help'],
    ['decrypt', 's-plain.yaml'],
    ['decrypt', '--extract', '["port"]', 's-plain.yaml'],
    ['-d', 's-plain.yaml'],
    ['encrypt', 'plain.yaml'],
    ['rotate', 's-plain.yaml'],
    ['groups', 'add', '-f', 's-plain.yaml', '--age', BOB],
    ['filestatus', 's-plain.yaml'],
    ['updatekeys', '-y', 's-plain.yaml'],
    ['updatekeys', '--check', 's-plain.yaml'],
    ['keygen'],
    ['completion', 'bash'],
    ['man'],
  ];

  test('makes every command that prints fail', async () => {
    const sandbox = await sandboxWithFiles();
    const before = sandbox.read('s-plain.yaml');
    for (const args of commands) {
      const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
      const ended = await sandbox.run(args, { stdio: [...stdio] });
      const stderr = ended.stderr.replace(/^.*Syncing keys.*\n/, '');
      expect({ ...ended, stderr }, args.join(' ')).toEqual({
        status: 1,
        signal: null,
        stdout: '',
        stderr: 'write /dev/stdout: no space left on device\n',
      });
    }
    expect(sandbox.read('s-plain.yaml')).toBe(before);
  });

  test('does not matter to a command that prints nothing, nor does such a stderr', async () => {
    const sandbox = await sandboxWithFiles();
    const full = openSync('/dev/full', 'w');
    const stdio = ['ignore' as const, full, full];
    expect((await sandbox.run(['set', 's-plain.yaml', '["port"]', '1'], { stdio })).status).toBe(0);
    expect((await sandbox.run(['set', 'missing.yaml', '["port"]', '1'], { stdio })).status).toBe(2);
    expect((await sandbox.run(['--verbose', 'rotate', '-i', 's-plain.yaml'], { stdio })).status).toBe(0);
    expect(await sandbox.run(['decrypt', 's-plain.yaml'])).toEqual(quiet(PLAIN.replace('5432', '1')));
  });
});
