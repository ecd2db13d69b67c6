/** Real processes and sockets; the rest of the folder runs in memory. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import { createNodeKeyHost } from '../../../src/node/keys/node-key-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-host-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const host = createNodeKeyHost({ env: { A: '1', B: '2' }, platform: 'linux', folder });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('running a program', () => {
  test('gives status, output and errors, with the environment and what was added', async () => {
    const script =
      'process.stdin.on("data", (d) => process.stdout.write(d)).on("end", () => { process.stderr.write(process.env.A + process.env.B + process.cwd()); process.exitCode = 3; })';
    const result = await host.run(execPath, ['-e', script], { input: Buffer.from('in'), env: { B: '3' } });
    expect([result.status, result.signal, text(result.stdout), text(result.stderr)]).toEqual([
      3,
      undefined,
      'in',
      `13${folder}`,
    ]);
  });

  test('tells the signal that ended it', async () => {
    const result = await host.run(execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']);
    expect([result.status, result.signal]).toEqual([undefined, 'killed']);
  });

  test('does not mind a program that reads nothing', async () => {
    const result = await host.run(execPath, ['-e', ''], { input: new Uint8Array(5_000_000) });
    expect(result.status).toBe(0);
  });

  test('fails with the code of the system when it is missing', async () => {
    await expect(host.run('no-such-program', [])).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('talking with a program', () => {
  test('sends and receives lines, and ends it', async () => {
    const script =
      'process.on("SIGINT", () => process.exit()); process.stdin.on("data", (d) => process.stdout.write("<" + d + ">\\nmore\\nrest")); setTimeout(() => process.exit(), 20000)';
    const connection = await host.start(execPath, ['-e', script]);
    await connection.write('one');
    expect([await connection.readLine(), await connection.readLine()]).toEqual(['<one>', 'more']);
    await connection.close();
  });

  test('starts it in the folder for temporary files', async () => {
    const connection = await host.start(execPath, ['-e', 'console.log(process.cwd())']);
    expect(await connection.readLine()).toBe(realpathSync(tmpdir()));
    await connection.close();
  });

  test('ends at the end of its output', async () => {
    const connection = await host.start(execPath, ['-e', 'process.stdout.write("one\\ntwo")']);
    expect([await connection.readLine(), await connection.readLine()]).toEqual(['one', undefined]);
    await connection.close();
  });

  test('fails with the code of the system when it is missing', async () => {
    await expect(host.start('no-such-program', [])).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

test('the home of the account is not what HOME says', async () => {
  const elsewhere = createNodeKeyHost({ env: { HOME: folder }, platform: 'linux' });
  expect(await elsewhere.accountHome()).toBe(userInfo().homedir);
});

describe('a socket', () => {
  test('takes and gives lines', async () => {
    const path = join(folder, 's');
    const server = createServer((socket) => socket.on('data', (data) => socket.write(`got ${String(data)}`)));
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    expect([host.isSocket(path), host.isSocket(join(folder, 'none'))]).toEqual([true, false]);
    const connection = await host.connect(path);
    await connection.write('x\n');
    expect(await connection.readLine()).toBe('got x');
    await connection.close();
    server.close();
  });

  test('that is missing fails with the code of the system', async () => {
    await expect(host.connect(join(folder, 'none'))).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

test('files are read from the working folder given', () => {
  writeFileSync(join(folder, 'f'), 'content');
  expect([text(host.readFile('f')), host.exists('f'), host.exists('g')]).toEqual(['content', true, false]);
  expect(() => host.readFile('g')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(() => host.readFile('')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect([host.exists(''), host.env('A'), host.env('HOME')]).toEqual([false, '1', undefined]);
});
