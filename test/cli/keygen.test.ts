import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemoryHost, runWith } from './memory-host.ts';

// A key pair that age-keygen 1.3.1 made.
const IDENTITY = 'AGE-SECRET-KEY-1LSVQZ56EXHUT8E3EM66HSZRRW2DJVZXEK44UMUW2QHVPNCNX43FQ0Y8836';
const RECIPIENT = 'age1vmttu88ulzafmwtkrut8a43l4yd4hj7jnze8sqfvh65w3vctw95qqgxnj0';

const FILE =
  /^# created: 2026-01-0[12]T\d\d:\d\d:05(?:Z|[+-]\d\d:\d\d)\n# public key: (age1[a-z0-9]+)\n(AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+)\n$/;

describe('keygen', () => {
  it('prints an identity file, and its recipient on stderr when stdout is no terminal', async () => {
    const { status, stdout, stderr } = await runWith({}, 'keygen');
    const [, recipient = ''] = FILE.exec(stdout) ?? [];
    expect({ status, stderr }).toEqual({ status: 0, stderr: `Public key: ${recipient}\n` });
    expect(await runWith({ stdin: stdout }, 'keygen', '-y')).toEqual({
      status: 0,
      stdout: `${recipient}\n`,
      stderr: '',
    });
  });

  it('with -pq makes a post-quantum key', async () => {
    const { stdout } = await runWith({}, 'keygen', '-pq');
    const [, recipient, identity] = FILE.exec(stdout) ?? [];
    expect([recipient?.slice(0, 7), identity?.slice(0, 19)]).toEqual(['age1pq1', 'AGE-SECRET-KEY-PQ-1']);
  });

  it('with -o writes a new file for its owner alone, folders included', async () => {
    const host = new MemoryHost();
    const { status, stdout, stderr } = await host.run('keygen', '-o', 'sops/age/keys.txt');
    const [, recipient = ''] = FILE.exec(host.read('sops/age/keys.txt')) ?? [];
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: `Public key: ${recipient}\n` });
    expect(statSync(host.path('sops/age/keys.txt')).mode & 0o777).toBe(0o600);
    expect(statSync(host.path('sops/age')).mode & 0o777).toBe(0o700);
  });

  it('with -o never overwrites', async () => {
    const host = new MemoryHost({ files: { 'k.txt': 'precious' } });
    expect(await host.run('keygen', '-o', 'k.txt')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'failed to open output file "k.txt": open k.txt: file exists\n',
    });
    expect(host.read('k.txt')).toBe('precious');
  });

  it('with -y prints the recipients of a file or of stdin, comments and blank lines aside', async () => {
    const text = `# created: x\n\n${IDENTITY}\r\n${IDENTITY}\n`;
    const recipients = { status: 0, stdout: `${RECIPIENT}\n${RECIPIENT}\n`, stderr: '' };
    expect(await runWith({ stdin: text }, 'keygen', '-y')).toEqual(recipients);
    expect(await runWith({ stdin: text }, 'keygen', '-y', '-')).toEqual(recipients);
    expect(await runWith({ files: { 'k.txt': text } }, 'keygen', '-y', 'k.txt')).toEqual(recipients);
  });

  it.each([
    [['keygen', 'a'], '', 'too many arguments'],
    [['keygen', '-y', 'a', 'b'], '', 'too many arguments'],
    [['keygen', '-y', '-pq'], '', '-pq cannot be used with -y'],
    [['keygen', '-y', 'nope'], '', 'failed to open input file "nope": open nope: no such file or directory'],
    [['keygen', '-y'], 'x\n', 'failed to parse input: error at line 1: unknown identity type'],
    [['keygen', '-y'], '# c\n', 'failed to parse input: no identities found'],
  ])('refuses %j as age-keygen does', async (argv, stdin, message) => {
    expect(await runWith({ stdin }, ...argv)).toEqual({ status: 1, stdout: '', stderr: `${message}\n` });
  });

  it('on a terminal says what to do next', async () => {
    const { stdout, stderr } = await runWith({ tty: { stdout: true, stderr: true } }, 'keygen');
    const [, recipient = ''] = FILE.exec(stdout) ?? [];
    expect(stderr.split('\n').filter((line) => line.includes('age'))).toEqual(
      [
        `  - age: ${recipient}`,
        'To decrypt, let SOPS_AGE_KEY_FILE name the file that holds the secret key, or keep it as',
        'sops/age/keys.txt in your configuration folder. Whoever has it can read your',
      ].filter((line) => line.includes('age')),
    );
  });
});
