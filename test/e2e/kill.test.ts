import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { decryptFile } from '../../src/node/index.ts';
import { AS_BOB } from '../cli/recorded.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import type { Ended } from './program.ts';
import { PROGRAM, Sandbox, SECRET } from './program.ts';
import type { Writer } from './writers.ts';
import { FILE, prepare, stateOf, WRITERS } from './writers.ts';

const ROUNDS = 32;
const LEFTOVER = /^\.secrets\.yaml\.sops-[0-9a-f]{12}$/;
const KNOWN = ['.sops.yaml', 'editor', FILE];

interface Outcome {
  state: string;
  /** Names that nobody expects. */
  strange: string[];
  /** Of the temporary files beside the file, those with clear text. */
  clear: string[];
}

const FINE = { strange: [], clear: [] };

async function outcomeOf(sandbox: Sandbox, writer: Writer, old: string): Promise<Outcome> {
  const clearFiles = (): string[] =>
    sandbox.files().filter((name) => LEFTOVER.test(name) && sandbox.readIfThere(name).includes(SECRET));
  // A shell removes clear text a moment after the program's end.
  await waitUntil(() => clearFiles().length === 0);
  const left = sandbox.files().filter((name) => !KNOWN.includes(name) && !LEFTOVER.test(name));
  return {
    state: await stateOf(sandbox, writer, old),
    // The editor's folder stays: an editor may be at work in it.
    strange: left.filter((name) => writer.name !== 'edit' || !name.startsWith('tmp/')),
    clear: clearFiles(),
  };
}

async function waitUntil(isDone: () => boolean): Promise<void> {
  for (let waited = 0; waited < 30_000 && !isDone(); waited += 5) await sleep(5);
}

function blockFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Ends the program some time after it has begun to write. @param times - how often it gets the signal */
async function endWhileWriting(
  sandbox: Sandbox,
  writer: Writer,
  { signal, delay, times = 1 }: { signal: NodeJS.Signals; delay: number; times?: number },
): Promise<Ended> {
  const { child, ended } = sandbox.start(writer.args);
  let sent = 0;
  const watcher = watch(sandbox.folder, (_event, name) => {
    if (name === null || !LEFTOVER.test(name) || sent > 0) return;
    blockFor(delay);
    for (; sent < times; sent++) child.kill(signal);
  });
  try {
    return await ended;
  } finally {
    watcher.close();
  }
}

/** Ends the program some time after its start. */
async function endAfter(sandbox: Sandbox, writer: Writer, signal: NodeJS.Signals, delay: number): Promise<Ended> {
  const { child, ended } = sandbox.start(writer.args);
  const timer = setTimeout(() => child.kill(signal), delay);
  const result = await ended;
  clearTimeout(timer);
  return result;
}

async function duration(writer: Writer): Promise<number> {
  const sandbox = new Sandbox();
  await prepare(sandbox, writer);
  const start = performance.now();
  await sandbox.run(writer.args);
  return performance.now() - start;
}

describe('a writing command that is killed leaves the old file or the new one, and no clear text beside it', () => {
  test.each(WRITERS)('$name, at random moments', async (writer) => {
    const length = await duration(writer);
    const states = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const sandbox = new Sandbox();
      const old = await prepare(sandbox, writer);
      if (round % 2 === 0) await endWhileWriting(sandbox, writer, { signal: 'SIGKILL', delay: Math.random() * 4 });
      else await endAfter(sandbox, writer, 'SIGKILL', length * (0.3 + Math.random()));
      const { state, ...rest } = await outcomeOf(sandbox, writer, old);
      states.add(state);
      expect(rest).toEqual(FINE);
    }
    states.delete('old');
    states.delete('new');
    expect([...states]).toEqual([]);
  });
});

describe('a writing command that a signal asks to end leaves nothing but the file', () => {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  test.each(WRITERS)('$name', async (writer) => {
    for (let round = 0; round < 9; round++) {
      const signal = signals[round % 3] ?? 'SIGTERM';
      const sandbox = new Sandbox();
      const old = await prepare(sandbox, writer);
      const times = 1 + Math.floor(round / 3);
      const ended = await endWhileWriting(sandbox, writer, { signal, delay: Math.random() * 3, times });
      expect(sandbox.files(), signal).toEqual(KNOWN);
      const state = await stateOf(sandbox, writer, old);
      expect(['old', 'new'], signal).toContain(state);
      if (ended.status === 0) expect(state).toBe('new');
    }
  });
});

test('a new file with clear text is there as a whole or not at all when the program is killed', async () => {
  const decrypt = WRITERS.find(({ name }) => name === 'decrypt -i') as Writer;
  for (let round = 0; round < 12; round++) {
    const sandbox = new Sandbox();
    await prepare(sandbox, decrypt);
    const { child, ended } = sandbox.start(['decrypt', '--output', 'new.yaml', FILE]);
    const watcher = watch(sandbox.folder, () => {
      blockFor(Math.random() * 4);
      child.kill('SIGKILL');
    });
    await ended;
    watcher.close();
    const names = (): string[] => sandbox.files().filter((name) => !KNOWN.includes(name));
    await waitUntil(() => names().every((name) => name === 'new.yaml' || !sandbox.readIfThere(name).includes(SECRET)));
    const contents = names().map((name) => (name === 'new.yaml' ? name : sandbox.readIfThere(name)));
    expect(['', 'new.yaml']).toContain(contents.join(''));
    if (sandbox.exists('new.yaml')) expect(sandbox.read('new.yaml')).toBe(decrypt.after);
  }
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'of many files that updatekeys works on at once %s leaves each old or new',
  async (signal) => {
    const update = WRITERS.find(({ name }) => name === 'updatekeys -y') as Writer;
    const names = Array.from({ length: 60 }, (_, at) => `${at}.yaml`);
    for (let round = 0; round < 4; round++) {
      const sandbox = new Sandbox();
      const old = await prepare(sandbox, update);
      for (const name of names) sandbox.write(name, old);
      const { child, ended } = sandbox.start(['updatekeys', '-y', ...names]);
      const delay = Math.random() * 60;
      const watcher = watch(sandbox.folder, () => {
        watcher.close();
        setTimeout(() => child.kill(signal), delay);
      });
      await ended;
      const left = sandbox.files().filter((name) => ![...KNOWN, ...names].includes(name));
      if (signal === 'SIGTERM') expect(left).toEqual([]);
      expect(
        left.filter(
          (name) => !/^\.\d+\.yaml\.sops-[0-9a-f]{12}$/.test(name) || sandbox.readIfThere(name).includes(SECRET),
        ),
      ).toEqual([]);
      for (const name of names) {
        const text = sandbox.read(name);
        if (text !== old) expect(await decryptFile(sandbox.path(name), { env: AS_BOB })).toBe(update.after);
      }
    }
  },
);

const strace = findProgram('strace');

describeUnless(strace === undefined ? 'apt-get install strace' : undefined, 'killed at each step of a write', () => {
  // It is killed as it takes the step.
  const steps = ['pwrite64', 'fchmod', 'fsync', 'rename'];

  test.each(WRITERS)('$name', async (writer) => {
    for (const step of steps) {
      const sandbox = new Sandbox();
      const old = await prepare(sandbox, writer);
      const inject = [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        `trace=${step}`,
        '-e',
        `inject=${step}:signal=SIGKILL:when=1`,
      ];
      await sandbox.startProgram([strace ?? '', ...inject, ...PROGRAM, ...writer.args]).ended;
      const { state, ...rest } = await outcomeOf(sandbox, writer, old);
      expect({ step, state, ...rest }).toEqual({ step, state: 'old', ...FINE });
    }
  });
});
