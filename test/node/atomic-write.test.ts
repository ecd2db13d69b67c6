import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import type { ReplaceOptions } from '../../src/node/atomic-write.ts';
import { replaceFile } from '../../src/node/atomic-write.ts';
import { buildChildModule, canRun, temporaryFolder } from './child-module.ts';

const isRoot = process.getuid?.() === 0;
const hasMounts = isRoot && canRun('unshare', '-m', 'true');
const hasSetpriv = isRoot && canRun('setpriv', '--reuid', '65534', '--clear-groups', 'true');

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function write(file: string, text: string, options?: ReplaceOptions): Promise<void> {
  return replaceFile(file, bytes(text), options);
}

async function errorOf(promise: Promise<unknown>): Promise<SopsError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SopsError)) throw new Error('no SopsError');
  return error;
}

/** A folder with the file `f`. */
function folderWith(content: string): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = path.join(folder, 'f');
  writeFileSync(file, content);
  return { folder, file };
}

describe('replaceFile', () => {
  test('replaces the content and leaves nothing else in the folder', async () => {
    const { folder, file } = folderWith('old');
    await write(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test.each([0o600, 0o640, 0o755, 0o444])('keeps the mode %o', async (mode) => {
    const { file } = folderWith('old');
    chmodSync(file, mode);
    if (mode === 0o444 && !isRoot) return;
    await write(file, 'new');
    expect(statSync(file).mode & 0o7777).toBe(mode);
  });

  test.runIf(isRoot)('keeps owner and group', async () => {
    const { file } = folderWith('old');
    chownSync(file, 1234, 5678);
    chmodSync(file, 0o6755);
    await write(file, 'new');
    const { uid, gid, mode } = statSync(file);
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 5678, mode: 0o6755 });
  });

  test('follows a chain of symbolic links, through folders too, and keeps them', async () => {
    const { folder, file } = folderWith('old');
    mkdirSync(path.join(folder, 'deep/er'), { recursive: true });
    symlinkSync('deep/er', path.join(folder, 'd'));
    symlinkSync('../../f', path.join(folder, 'deep/er/second'));
    symlinkSync('d/second', path.join(folder, 'first'));
    await write(path.join(folder, 'first'), 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readlinkSync(path.join(folder, 'first'))).toBe('d/second');
    expect(readlinkSync(path.join(folder, 'deep/er/second'))).toBe('../../f');
    expect(lstatSync(file).isFile()).toBe(true);
  });

  test('creates what a dangling symbolic link points to', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'there'));
    symlinkSync('there/new', path.join(folder, 'link'));
    await write(path.join(folder, 'link'), 'text');
    expect(readFileSync(path.join(folder, 'there/new'), 'utf8')).toBe('text');
    expect(readlinkSync(path.join(folder, 'link'))).toBe('there/new');
  });

  test('refuses a symbolic link that leads to itself', async () => {
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync('link', link);
    const { code, message } = await errorOf(write(link, 'text'));
    expect({ code, message }).toEqual({
      code: 'unwritable-output',
      message: `Could not open in-place file for writing: open ${link}: too many levels of symbolic links`,
    });
  });

  test('writes to every hard link of a file', async () => {
    const { folder, file } = folderWith('a longer old content');
    linkSync(file, path.join(folder, 'other'));
    const { ino } = statSync(file);
    await write(file, 'new');
    expect(readFileSync(path.join(folder, 'other'), 'utf8')).toBe('new');
    await write(file, 'something longer than before');
    expect(readFileSync(path.join(folder, 'other'), 'utf8')).toBe('something longer than before');
    expect(statSync(file).ino).toBe(ino);
    expect(readdirSync(folder)).toEqual(['f', 'other']);
  });

  test.each([0o022, 0o077])('gives a new file 0666 less the umask %o', async (mask) => {
    const folder = temporaryFolder();
    const module = buildChildModule('node/atomic-write.ts', folder);
    const file = path.join(folder, 'new');
    await module.run(`process.umask(${mask}); await m.replaceFile(${JSON.stringify(file)}, Buffer.from('x'))`);
    expect(statSync(file).mode & 0o777).toBe(0o666 & ~mask);
  });

  test.each([
    ['a missing folder', 'nowhere/f', 'no such file or directory'],
    ['a folder', 'folder', 'is a directory'],
    ['a folder that does not exist', 'new/', 'is a directory'],
    ['a path through a file', 'f/g', 'not a directory'],
    ['a name that is too long', 'x'.repeat(256), 'file name too long'],
  ])('refuses %s', async (_what, name, reason) => {
    const { folder } = folderWith('old');
    mkdirSync(path.join(folder, 'folder'));
    const target = `${folder}/${name}`;
    const { code, message } = await errorOf(
      write(target, 'x', { openError: 'Could not open output file for writing: ' }),
    );
    expect({ code, message }).toEqual({
      code: 'unwritable-output',
      message: `Could not open output file for writing: open ${target}: ${reason}`,
    });
    expect(readdirSync(folder)).toEqual(['f', 'folder']);
  });

  test('takes a name of 255 bytes', async () => {
    const folder = temporaryFolder();
    const name = 'é'.repeat(127) + 'x';
    writeFileSync(path.join(folder, name), 'old');
    await write(path.join(folder, name), 'new');
    expect(readFileSync(path.join(folder, name), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual([name]);
  });
});

describe('a file that changed since it was read', () => {
  test('is not overwritten', async () => {
    const { folder, file } = folderWith('by somebody else');
    const { code, message } = await errorOf(write(file, 'new', { expected: bytes('old') }));
    expect({ code, message }).toEqual({
      code: 'unwritable-output',
      message: `Could not write ${file}: it has changed since it was read (its content is another); nothing was written`,
    });
    expect(readFileSync(file, 'utf8')).toBe('by somebody else');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('is not overwritten through another of its hard links either', async () => {
    const { folder, file } = folderWith('by somebody else');
    linkSync(file, path.join(folder, 'other'));
    expect((await errorOf(write(file, 'new', { expected: bytes('old') }))).code).toBe('unwritable-output');
    expect(readFileSync(file, 'utf8')).toBe('by somebody else');
  });

  test('is written when only its times changed', async () => {
    const { file } = folderWith('old');
    writeFileSync(file, 'old');
    await write(file, 'new', { expected: bytes('old') });
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  test('is not made again when it is gone', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'f');
    expect((await errorOf(write(file, 'new', { expected: bytes('old') }))).message).toBe(
      `Could not write ${file}: it has changed since it was read (it is gone); nothing was written`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not overwritten when it was not there before', async () => {
    const { file } = folderWith('by somebody else');
    expect((await errorOf(write(file, 'new', { expected: 'absent' }))).message).toBe(
      `Could not write ${file}: it has changed since it was read (it was created); nothing was written`,
    );
    expect(readFileSync(file, 'utf8')).toBe('by somebody else');
  });

  test('is created when it is still not there', async () => {
    const folder = temporaryFolder();
    await write(path.join(folder, 'f'), 'new', { expected: 'absent' });
    expect(readFileSync(path.join(folder, 'f'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['f']);
  });
});

test.each([1, 2])('of writers at once each one that succeeds has its change in the file (links: %i)', async (links) => {
  const { folder, file } = folderWith('');
  const modules = temporaryFolder();
  if (links === 2) linkSync(file, path.join(folder, 'other'));
  const module = buildChildModule('node/atomic-write.ts', modules);
  const writer = (name: number): Promise<{ stdout: string }> =>
    module.run(`
      import { readFileSync } from 'node:fs';
      for (let i = 0; i < 40; i++) {
        const expected = readFileSync(${JSON.stringify(file)});
        const line = '${name}-' + i + '\\n';
        try {
          await m.replaceFile(${JSON.stringify(file)}, Buffer.concat([expected, Buffer.from(line)]), { expected });
          process.stdout.write(line);
        } catch (error) {
          if (error.code !== 'unwritable-output') throw error;
        }
      }`);
  const results = await Promise.all([writer(1), writer(2), writer(3)]);
  const claimed = results.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''));
  expect(claimed.length).toBeGreaterThan(40);
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').sort()).toEqual(claimed.sort());
  expect(readdirSync(folder).filter((name) => name.includes('sops'))).toEqual([]);
});

test('a writer that is killed at any moment leaves the old content or the new one', async () => {
  const { folder, file } = folderWith('');
  const contents = ['a'.repeat(300_000), 'b'.repeat(200_000)];
  const modules = temporaryFolder();
  const module = buildChildModule('node/atomic-write.ts', modules);
  const statements = `
    const [a, b] = ['a'.repeat(300_000), 'b'.repeat(200_000)].map((text) => Buffer.from(text));
    for (;;) {
      await m.replaceFile(${JSON.stringify(file)}, a);
      await m.replaceFile(${JSON.stringify(file)}, b);
      process.stdout.write('.');
    }`;
  for (let round = 0; round < 60; round++) {
    const child = spawn(process.execPath, module.args(statements), { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, round % 12));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(contents.includes(readFileSync(file, 'utf8'))).toBe(true);
  }
  expect(readdirSync(folder)).toContain('f');
});

test('a writer that is asked to end at any moment leaves nothing but the file', async () => {
  const { folder, file } = folderWith('');
  const modules = temporaryFolder();
  const module = buildChildModule('node/atomic-write.ts', modules);
  buildChildModule('node/cleanup.ts', modules);
  const statements = `
    const { Cleanup } = await import(${JSON.stringify(path.join(modules, 'cleanup.mjs'))});
    const cleanup = new Cleanup(() => process.once('SIGTERM', () => {
      cleanup.run();
      process.kill(process.pid, 'SIGTERM');
    }));
    for (;;) {
      await m.replaceFile(${JSON.stringify(file)}, Buffer.alloc(300_000), { cleanup });
      process.stdout.write('.');
    }`;
  for (let round = 0; round < 20; round++) {
    const child = spawn(process.execPath, module.args(statements), { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, round % 7));
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
    expect(readdirSync(folder)).toEqual(['f']);
  }
});

describe('pipes and devices', () => {
  test('a named pipe is written to and stays one', async () => {
    const folder = temporaryFolder();
    const pipe = path.join(folder, 'p');
    expect(canRun('mkfifo', pipe)).toBe(true);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    const read = new Promise<string>((resolve) => {
      let text = '';
      reader.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      reader.once('close', () => resolve(text));
    });
    await write(pipe, 'x'.repeat(200_000), { expected: bytes('old') });
    expect(await read).toBe('x'.repeat(200_000));
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['p']);
  });

  test('/dev/full says that no space is left', async () => {
    const { code, message } = await errorOf(write('/dev/full', 'x'));
    expect({ code, message }).toEqual({ code: 'generic', message: 'write /dev/full: no space left on device' });
  });

  test('/dev/stdout that is a file stays the file that the shell opened', async () => {
    const folder = temporaryFolder();
    const module = buildChildModule('node/atomic-write.ts', folder);
    const out = path.join(folder, 'out');
    const [script, ...rest] = [
      '"$0" "$@" > out; echo after >> out',
      process.execPath,
      ...module.args(`
      await m.replaceFile('/dev/stdout', Buffer.from('text\\n'))`),
    ];
    expect(canRun('sh', '-c', `cd ${folder}; exec 3>&1; ${script}`, ...rest)).toBe(true);
    expect(readFileSync(out, 'utf8')).toBe('text\nafter\n');
  });
});

describe.runIf(hasSetpriv)('as another user', () => {
  const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

  async function writeAsNobody(file: string, text: string, folder: string): Promise<string> {
    const modules = temporaryFolder();
    chmodSync(modules, 0o755);
    const module = buildChildModule('node/atomic-write.ts', modules);
    const { stdout, stderr } = await module.run(
      `await m.replaceFile(${JSON.stringify(file)}, Buffer.from(${JSON.stringify(text)})).then(
        () => console.log('written'), (error) => console.log(error.code, error.message))`,
      { prefix: asNobody, cwd: folder, env: { PATH: process.env['PATH'] } },
    );
    expect(stderr).toBe('');
    return stdout.trimEnd();
  }

  test('a read-only file is refused although its folder would allow a rename', async () => {
    const { folder, file } = folderWith('old');
    chmodSync(folder, 0o777);
    chmodSync(file, 0o444);
    expect(await writeAsNobody(file, 'new', folder)).toBe(
      `unwritable-output Could not open in-place file for writing: open ${file}: permission denied`,
    );
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('a writable file in a read-only folder is written', async () => {
    const { folder, file } = folderWith('old');
    chmodSync(folder, 0o755);
    chmodSync(file, 0o666);
    expect(await writeAsNobody(file, 'new', folder)).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('a file of another owner keeps him', async () => {
    const { folder, file } = folderWith('old');
    chmodSync(folder, 0o777);
    chmodSync(file, 0o666);
    expect(await writeAsNobody(file, 'new', folder)).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).uid).toBe(0);
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('a new file in a read-only folder is refused', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const file = path.join(folder, 'new');
    expect(await writeAsNobody(file, 'new', folder)).toBe(
      `unwritable-output Could not open in-place file for writing: open ${file}: permission denied`,
    );
  });
});

describe.runIf(hasMounts)('mounts and full disks', () => {
  function inNamespace(setup: string): readonly string[] {
    return ['unshare', '-m', '--propagation', 'private', 'sh', '-c', `${setup}; exec "$0" "$@"`];
  }

  const report = `.then(() => console.log('written'), (error) => console.log(error.code, error.message))`;

  test.each(['same device', 'other device'])('a file that is a mount point is written (%s)', async (device) => {
    const { folder, file } = folderWith('old');
    const modules = temporaryFolder();
    const module = buildChildModule('node/atomic-write.ts', modules);
    const source = path.join(folder, 'source');
    writeFileSync(source, 'mounted');
    const mount =
      device === 'same device'
        ? `mount --bind ${source} ${file}`
        : `mkdir ${modules}/t && mount -t tmpfs none ${modules}/t && cp ${source} ${modules}/t && mount --bind ${modules}/t/source ${file}`;
    const { stdout, stderr } = await module.run(
      `import { readFileSync, readdirSync } from 'node:fs';
       await m.replaceFile(${JSON.stringify(file)}, Buffer.from('new'), { expected: Buffer.from('mounted') })${report};
       console.log(readFileSync(${JSON.stringify(file)}, 'utf8'), readdirSync(${JSON.stringify(folder)}).join())`,
      { prefix: inNamespace(mount) },
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'written\nnew f,source\n', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readFileSync(source, 'utf8')).toBe(device === 'same device' ? 'new' : 'mounted');
  });

  test.each([1, 2])('a full disk leaves the old content and nothing beside it (links: %i)', async (links) => {
    const modules = temporaryFolder();
    const module = buildChildModule('node/atomic-write.ts', modules);
    const disk = path.join(modules, 'disk');
    const link = links === 2 ? `; ln ${disk}/f ${disk}/other` : '';
    const { stdout, stderr } = await module.run(
      `import { readFileSync, readdirSync } from 'node:fs';
       await m.replaceFile('${disk}/f', Buffer.alloc(600_000))${report};
       await m.replaceFile('${disk}/g', Buffer.alloc(600_000))${report};
       console.log(readFileSync('${disk}/f').equals(Buffer.alloc(100_000, 'x')), readdirSync('${disk}').join())`,
      {
        prefix: inNamespace(
          `mkdir ${disk} && mount -t tmpfs -o size=400k none ${disk} && head -c 100000 /dev/zero | tr '\\0' x > ${disk}/f${link}`,
        ),
      },
    );
    expect({ stdout, stderr }).toEqual({
      stdout:
        `generic write ${disk}/f: no space left on device\n` +
        `generic write ${disk}/g: no space left on device\n` +
        `true f${links === 2 ? ',other' : ''}\n`,
      stderr: '',
    });
  });

  test('a file system that is mounted read-only is refused', async () => {
    const { folder, file } = folderWith('old');
    const modules = temporaryFolder();
    const module = buildChildModule('node/atomic-write.ts', modules);
    const { stdout } = await module.run(`await m.replaceFile(${JSON.stringify(file)}, Buffer.from('new'))${report}`, {
      prefix: inNamespace(`mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`),
    });
    expect(stdout).toBe(
      `unwritable-output Could not open in-place file for writing: open ${file}: read-only file system\n`,
    );
  });
});
