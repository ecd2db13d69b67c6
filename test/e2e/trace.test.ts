import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeUnless } from '../interop/programs.ts';
import type { Running } from './program.ts';
import { HELD, quiet, Sandbox, SECRET } from './program.ts';
import type { Call } from './trace.ts';
import { noStrace, trace } from './trace.ts';
import type { Writer } from './writers.ts';
import { FILE, prepare, WRITERS } from './writers.ts';

const encrypted = WRITERS.find(({ name }) => name === 'set') as Writer;

describeUnless(
  noStrace,
  'a new file is on the disk before it takes the name, and the name before the command ends',
  () => {
    test.each(WRITERS)('$name', async (writer) => {
      const sandbox = new Sandbox();
      await prepare(sandbox, writer);
      const { ended, calls } = await trace(sandbox, ['fsync', 'rename'], writer.args);
      expect(ended.status).toBe(0);
      // The launcher may keep compiled code in a folder of its own.
      const steps = calls
        .map(({ name, text }) => `${name} ${text}`.replaceAll(sandbox.folder, 'FOLDER'))
        .filter((step) => step.includes('FOLDER'));
      expect(
        steps.map((step) => step.replaceAll(/sops-[0-9a-f]{12}/g, 'sops-RANDOM').replaceAll(/ \d+</g, ' <')),
      ).toEqual([
        `fsync <FOLDER/.${FILE}.sops-RANDOM>) = 0`,
        `rename "FOLDER/.${FILE}.sops-RANDOM", "FOLDER/${FILE}") = 0`,
        'fsync <FOLDER>) = 0',
      ]);
    });
  },
);

describeUnless(noStrace, 'clear text goes to a folder of the user alone and nowhere else', () => {
  const writes = ['write', 'pwrite64', 'writev', 'pwritev', 'sendto', 'sendmsg'];

  /** Where the secret was written to, and with what modes its files were made. */
  function placesOf(calls: readonly Call[]): { targets: string[]; folders: string[]; modes: string[]; named: Call[] } {
    const folders = calls.flatMap(({ name, text }) => {
      const folder = /^"([^"]+)", 0700\) = 0$/.exec(text)?.[1];
      return name === 'mkdir' && folder !== undefined ? [folder] : [];
    });
    const inFolders = (file: string): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
    const modes = calls.flatMap(({ name, text }) => {
      const [, file = '', mode = ''] = /"([^"]+)", [A-Z_|]*O_EXCL[A-Z_|]*, (\d+)\)/.exec(text) ?? [];
      return name === 'openat' && inFolders(file) ? [mode] : [];
    });
    const secret = calls.filter(({ text }) => text.includes(SECRET));
    const targets = secret
      .filter(({ name }) => writes.includes(name))
      .map(({ text }) => /^\d+<([^>]*)>/.exec(text)?.[1] ?? '');
    return {
      targets: targets.filter((target) => !inFolders(target)),
      folders: targets.filter(inFolders),
      modes: [...new Set(modes)],
      named: secret.filter(({ name }) => !writes.includes(name)),
    };
  }

  const commands: [string, string[], { modes: string[] }][] = [
    ['edit', ['edit', FILE], { modes: ['0600'] }],
    ['exec-file', ['exec-file', FILE, 'wc -c <{} >/dev/null'], { modes: [] }],
    ['exec-file --no-fifo', ['exec-file', '--no-fifo', FILE, 'wc -c <{} >/dev/null'], { modes: ['0600'] }],
  ];

  test.each(commands)('%s', async (_name, args, { modes }) => {
    for (const TMPDIR of [undefined, '']) {
      const sandbox = new Sandbox();
      await prepare(sandbox, encrypted);
      const env = TMPDIR === undefined ? {} : { TMPDIR };
      const calls = [...writes, 'openat', 'mkdir', 'execve', 'rename', 'symlink', 'link'];
      const traced = await trace(sandbox, calls, args, { env });
      expect(traced.ended).toEqual(quiet());
      const places = placesOf(traced.calls);
      expect({ ...places, folders: places.folders.length > 0 }).toEqual({
        targets: [],
        folders: true,
        modes,
        named: [],
      });
      expect(readdirSync(sandbox.temporary)).toEqual([]);
    }
  });
});

/** The processes with the secret in their arguments or environment. */
function processesWithSecret(): Set<number> {
  const found = new Set<number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      try {
        if (readFileSync(`/proc/${pid}/${file}`).includes(SECRET)) found.add(Number(pid));
      } catch {
        // It has ended, or is somebody else's.
      }
    }
  }
  return found;
}

async function untilReady({ child }: Running): Promise<void> {
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (part: string) => {
      text += part;
      if (text.includes('ready')) resolve();
    });
  });
}

test.each([
  ['exec-file', ['exec-file', FILE, 'cat {} >/dev/null; echo ready; cat >/dev/null']],
  ['exec-file --no-fifo', ['exec-file', '--no-fifo', FILE, 'echo ready; cat >/dev/null']],
  ['edit', ['edit', FILE]],
])('%s puts no value into the arguments or the environment of any process', async (_name, args) => {
  const sandbox = new Sandbox();
  await prepare(sandbox, encrypted);
  sandbox.env['EDITOR'] = sandbox.script('editor', 'echo "new: line" >>"$1"; echo ready; cat >/dev/null');
  const running = sandbox.start(args, { stdin: HELD });
  await untilReady(running);
  expect(processesWithSecret()).toEqual(new Set());
  running.child.stdin?.end();
  expect((await running.ended).status).toBe(0);
});

test('exec-env puts values into the environment of the command alone', async () => {
  const sandbox = new Sandbox();
  sandbox.write('plain.env', `TOKEN=${SECRET}\n`);
  sandbox.write('secrets.env', (await sandbox.run(['encrypt', 'plain.env'])).stdout);
  const running = sandbox.start(['exec-env', 'secrets.env', 'echo $$ ready; cat >/dev/null; exit 0'], { stdin: HELD });
  let text = '';
  running.child.stdout?.on('data', (part: string) => {
    text += part;
  });
  await untilReady(running);
  const shell = Number.parseInt(text, 10);
  const found = processesWithSecret();
  expect(found.has(running.pid)).toBe(false);
  // The shell, and the program that it runs.
  expect(found.has(shell)).toBe(true);
  expect(found.size).toBeLessThanOrEqual(2);
  running.child.stdin?.end();
  expect((await running.ended).status).toBe(0);
});
