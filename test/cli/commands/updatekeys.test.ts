import { linkSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decryptFile } from '../../../src/node/index.ts';
import { MemoryHost } from '../memory-host.ts';
import { ALICE, AS_ALICE, AS_BOB, BOB, ENCRYPTED_JSON, PLAIN_JSON } from '../recorded.ts';

const FOR_BOTH = `creation_rules:\n  - age: ${ALICE},${BOB}\n`;
const DIFFERENCE = `Group 1\n    ${ALICE}\n+++ ${BOB}\n`;

function newHost(
  options: { config?: string; env?: Record<string, string>; names?: readonly string[] } = {},
): MemoryHost {
  const { config = FOR_BOTH, env = AS_ALICE, names = ['s.json'] } = options;
  const files = Object.fromEntries(names.map((name) => [name, ENCRYPTED_JSON]));
  return new MemoryHost({ env, files: { '.sops.yaml': config, ...files } });
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, 'TIME').replaceAll(/time="[^"]*"/g, 'time="TIME"');
}

describe('updatekeys --check', () => {
  it('shows what differs and exits 1, without a private key, and writes nothing', async () => {
    const host = newHost({ env: {} });
    expect(await host.run('updatekeys', '--check', 's.json')).toEqual({
      status: 1,
      stdout: `s.json:\n${DIFFERENCE}`,
      stderr: '1 of 1 file(s) do not follow their creation rule\n',
    });
    expect(await host.run('updatekeys', '--check', '-y', 's.json')).toMatchObject({ status: 1 });
    expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
  });

  it('says nothing of a file that follows its rule', async () => {
    const host = newHost({ config: `creation_rules:\n  - age: ${ALICE}\n`, env: {} });
    expect(await host.run('updatekeys', '--check', 's.json', 's.json')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('takes a threshold that differs for a difference', async () => {
    const groups = `creation_rules:\n  - shamir_threshold: 1\n    key_groups:\n      - age: [${ALICE}]\n      - age: [${BOB}]\n`;
    const { status, stdout } = await newHost({ config: groups, env: {} }).run('updatekeys', '--check', 's.json');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: `s.json:\n+++ shamir_threshold: 1\nGroup 1\n    ${ALICE}\nGroup 2\n+++ ${BOB}\n`,
    });
  });

  it('looks at all files, in order, whatever is wrong with some', async () => {
    const host = newHost({ env: {}, names: ['a.json', 'b.json'] });
    host.write('plain.json', PLAIN_JSON);
    const { status, stdout, stderr } = await host.run(
      'updatekeys',
      '--check',
      'a.json',
      'plain.json',
      'none.json',
      'b.json',
    );
    expect({ status, stdout, stderr: withoutTimes(stderr) }).toEqual({
      status: 1,
      stdout: `a.json:\n${DIFFERENCE}b.json:\n${DIFFERENCE}`,
      stderr:
        '[CMD]\t time="TIME" level=error msg="sops metadata not found"\n' +
        `[CMD]\t time="TIME" level=error msg="stat ${host.path('none.json')}: no such file or directory"\n` +
        'failed checking 2 file(s)\n',
    });
  });
});

describe('updatekeys of many files', () => {
  it('works on several at once and prints in the order in which they were given', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `${at}.json`);
    const host = newHost({ names });
    const { status, stdout, stderr } = await host.run('updatekeys', '-y', ...names);
    expect({ status, stdout, stderr: withoutTimes(stderr) }).toEqual({
      status: 0,
      stdout: names.map(() => `The following changes will be made to the file's groups:\n${DIFFERENCE}`).join(''),
      stderr: names
        .map(
          (name) =>
            `TIME Syncing keys for file ${host.path(name)}\nTIME File ${host.path(name)} synced with new keys\n`,
        )
        .join(''),
    });
    for (const name of names) expect(await decryptFile(host.path(name), { env: AS_BOB })).toBe(PLAIN_JSON);
  });

  it('changes a file that was given several times, by whatever name, once', async () => {
    const host = newHost();
    symlinkSync('s.json', host.path('link.json'));
    linkSync(host.path('s.json'), host.path('other.json'));
    const { status, stderr } = await host.run('updatekeys', '-y', 's.json', 'link.json', 'other.json', './s.json');
    expect({
      status,
      lines: withoutTimes(stderr)
        .split('\n')
        .filter((line) => !line.includes('Syncing')),
    }).toEqual({
      status: 0,
      lines: [
        `TIME File ${host.path('s.json')} synced with new keys`,
        `TIME File ${host.path('link.json')} already up to date`,
        `TIME File ${host.path('other.json')} already up to date`,
        `TIME File ${host.path('s.json')} already up to date`,
        '',
      ],
    });
    expect(await decryptFile(host.path('other.json'), { env: AS_BOB })).toBe(PLAIN_JSON);
  });
});
