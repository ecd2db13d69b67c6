import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, readdirSync, watch } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decryptFile, decryptFileToData } from '../../src/node/index.ts';
import { ALICE_IDENTITY } from '../cli/recorded.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import type { Ended } from './program.ts';
import { PROGRAM, Sandbox, SECRET } from './program.ts';
import type { Writer } from './writers.ts';
import { FILE, prepare, stateOf, WRITERS } from './writers.ts';

const NOBODY = 65_534;
const KNOWN = ['.sops.yaml', 'editor', FILE];
const env = { SOPS_AGE_KEY: ALICE_IDENTITY };

/** updatekeys tells its plan before it writes; all others print nothing. */
function printed(writer: Writer, { stdout }: Ended): string {
  return writer.name === 'updatekeys -y' ? '' : stdout;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Whether a file system can be mounted where nobody else sees it. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

/** Takes the place of `describe` where what is needed is no matter of installing it. */
function describeIf(condition: boolean, reason: string, name: string, body: () => void): void {
  if (condition) describe(name, body);
  else test.skip(`${name}: ${reason}`, () => {});
}

describeIf(canMount, 'mounting is not permitted here', 'a full disk', () => {
  test.each(WRITERS)('$name says so and leaves the old file', async (writer) => {
    const sandbox = new Sandbox();
    const old = await prepare(sandbox, writer);
    sandbox.write('../old', old);
    const command = [...PROGRAM, ...writer.args].map(quote).join(' ');
    // All happens in the namespace; what is left there is told through files outside of it.
    const script = `
      cp -a . ../copy && mount -t tmpfs -o size=256k none "$PWD" && cd "$PWD" && cp -a ../copy/. . || exit 99
      rm -rf ../copy
      dd if=/dev/zero of=filler bs=1k 2>/dev/null
      ${command}
      status=$?
      rm filler
      cmp -s ${FILE} ../old || echo changed >&2
      ls -A >../left
      exit $status`;
    const ended = await sandbox.startProgram(['unshare', '-m', '/bin/sh', '-c', script]).ended;
    expect({ ...ended, stdout: printed(writer, ended) }).toEqual({
      status: 1,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/(^|\n)write \S+: no space left on device\n$/) as string,
    });
    expect(sandbox.read('../left').split('\n').sort()).toEqual(['', ...KNOWN]);
    const kept = readdirSync(sandbox.temporary);
    if (writer.name !== 'edit') return expect(kept).toEqual([]);
    // What was typed has a place on another disk, encrypted.
    expect(kept).toEqual([expect.stringMatching(/^secrets\.edited-[0-9a-f]{8}\.yaml$/)]);
    expect(await decryptFile(path.join(sandbox.temporary, kept[0] ?? ''), { env })).toBe(writer.after);
  });

  test.each(WRITERS)('$name on a read-only file system says so', async (writer) => {
    const sandbox = new Sandbox();
    const old = await prepare(sandbox, writer);
    const command = [...PROGRAM, ...writer.args].map(quote).join(' ');
    const script = `mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && ${command}`;
    const ended = await sandbox.startProgram(['unshare', '-m', '/bin/sh', '-c', script]).ended;
    const files = sandbox.files().filter((name) => writer.name !== 'edit' || !name.startsWith('tmp/'));
    expect({ ...ended, stdout: printed(writer, ended), files, text: sandbox.read(FILE) === old }).toEqual({
      status: 3,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/read-only file system\n$/) as string,
      files: KNOWN,
      text: true,
    });
  });
});

const canBecomeNobody = process.getuid?.() === 0 && findProgram('setpriv') !== undefined;

describeIf(canBecomeNobody, 'only root can become another user', 'missing permissions', () => {
  const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

  async function prepareForNobody(writer: Writer): Promise<{ sandbox: Sandbox; old: string }> {
    const sandbox = new Sandbox();
    const old = await prepare(sandbox, writer);
    chmodSync(sandbox.root, 0o755);
    for (const folder of [sandbox.temporary, sandbox.env['HOME'] ?? '']) chownSync(folder, NOBODY, NOBODY);
    sandbox.env['XDG_CACHE_HOME'] = path.join(sandbox.root, 'home');
    return { sandbox, old };
  }

  test.each(WRITERS)('$name leaves a file alone that may not be written to', async (writer) => {
    const { sandbox, old } = await prepareForNobody(writer);
    chmodSync(sandbox.path(FILE), 0o444);
    chownSync(sandbox.folder, NOBODY, NOBODY);
    const ended = await sandbox.startProgram([...asNobody, ...PROGRAM, ...writer.args]).ended;
    const files = sandbox.files().filter((name) => writer.name !== 'edit' || !name.includes('.edited-'));
    expect({ ...ended, stdout: printed(writer, ended), files, text: sandbox.read(FILE) === old }).toEqual({
      status: 3,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/permission denied\n$/) as string,
      files: KNOWN,
      text: true,
    });
  });

  test.each(WRITERS)('$name writes a file in place in a folder that may not be written to', async (writer) => {
    const { sandbox, old } = await prepareForNobody(writer);
    chownSync(sandbox.path(FILE), NOBODY, NOBODY);
    const ended = await sandbox.startProgram([...asNobody, ...PROGRAM, ...writer.args]).ended;
    expect({ ...ended, stdout: printed(writer, ended), stderr: '' }).toEqual({
      status: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    expect(sandbox.files()).toEqual(KNOWN);
    expect(await stateOf(sandbox, writer, old)).toBe('new');
  });
});

const strace = findProgram('strace');

describeUnless(strace === undefined ? 'apt-get install strace' : undefined, 'somebody else writes meanwhile', () => {
  test.each(WRITERS)('$name overwrites nothing and says so', async (writer) => {
    const sandbox = new Sandbox();
    const old = await prepare(sandbox, writer);
    const slow = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:delay_enter=150000'];
    const running = sandbox.startProgram([strace ?? '', ...slow, ...PROGRAM, ...writer.args]);
    let isDone = false;
    const watcher = watch(sandbox.folder, (_event, name) => {
      if (isDone || name?.includes('.sops-') !== true) return;
      isDone = true;
      appendFileSync(sandbox.path(FILE), '# theirs\n');
    });
    const ended = await running.ended;
    watcher.close();
    expect(isDone).toBe(true);
    expect({ status: ended.status, stdout: printed(writer, ended) }).toEqual({ status: 3, stdout: '' });
    expect(ended.stderr).toMatch(/Could not write \S+: it has changed since it was read \(its content is another\)/);
    expect(sandbox.read(FILE)).toBe(`${old}# theirs\n`);
    const others = sandbox.files().filter((name) => !KNOWN.includes(name));
    if (writer.name !== 'edit') return expect(others).toEqual([]);
    expect(others).toEqual([expect.stringMatching(/^secrets\.edited-[0-9a-f]{8}\.yaml$/)]);
    expect(await decryptFile(sandbox.path(others[0] ?? ''), { env })).toBe(writer.after);
  });
});

test('of two that set values in turn no update gets lost, and whoever loses says so', async () => {
  const sandbox = new Sandbox();
  sandbox.write('plain.yaml', `start: ${SECRET}\n`);
  sandbox.write(FILE, (await sandbox.run(['encrypt', 'plain.yaml'])).stdout);
  const written: Record<string, number> = {};
  const losers: string[] = [];
  const loop = async (name: string): Promise<void> => {
    for (let round = 0; round < 25; round++) {
      const { status, stderr } = await sandbox.run(['set', FILE, `["${name}-${round}"]`, String(round)]);
      if (status === 0) written[`${name}-${round}`] = round;
      else losers.push(stderr);
    }
  };
  await Promise.all([loop('a'), loop('b')]);
  expect(await decryptFileToData(sandbox.path(FILE), { env })).toEqual({ start: SECRET, ...written });
  expect(Object.keys(written).length + losers.length).toBe(50);
  for (const message of losers) expect(message).toMatch(/^Could not write \S+: it has changed since it was read/);
  expect(sandbox.files()).toEqual(['plain.yaml', FILE]);
});
