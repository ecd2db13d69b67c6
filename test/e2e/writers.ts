/** Every command that writes to a file, as a user would call it. */
import { encrypt } from '../../src/core/index.ts';
import { decryptFile, localKeyService, nodeCrypto } from '../../src/node/index.ts';
import { ALICE, ALICE_IDENTITY, BOB } from '../cli/recorded.ts';
import type { Sandbox } from './program.ts';
import { SECRET } from './program.ts';

export const FILE = 'secrets.yaml';

/** Long enough to take the disk some time. */
export const PLAIN = `password: ${SECRET}\nuser: ann\n${Array.from({ length: 400 }, (_, at) => `key-${at}: value ${at}\n`).join('')}`;

export interface Writer {
  name: string;
  args: readonly string[];
  /** What the file holds before. */
  before: 'clear' | 'encrypted';
  /** What the file means afterwards. */
  after: string;
  /** Whether it is encrypted afterwards. */
  isEncrypted: boolean;
}

const encryptedWriter = (name: string, args: readonly string[], after = PLAIN): Writer => ({
  name,
  args,
  before: 'encrypted',
  after,
  isEncrypted: true,
});

export const WRITERS: readonly Writer[] = [
  { name: 'encrypt -i', args: ['encrypt', '-i', FILE], before: 'clear', after: PLAIN, isEncrypted: true },
  { name: 'decrypt -i', args: ['decrypt', '-i', FILE], before: 'encrypted', after: PLAIN, isEncrypted: false },
  encryptedWriter('rotate -i', ['rotate', '-i', FILE]),
  encryptedWriter('set', ['set', FILE, '["user"]', '"bob"'], PLAIN.replace('user: ann', 'user: bob')),
  encryptedWriter('unset', ['unset', FILE, '["user"]'], PLAIN.replace('user: ann\n', '')),
  encryptedWriter('updatekeys -y', ['updatekeys', '-y', FILE]),
  encryptedWriter('groups add -i', ['groups', 'add', '-i', '-f', FILE, '--age', ALICE]),
  encryptedWriter('edit', ['edit', FILE], `${PLAIN}new: line\n`),
];

let encryptedText: Promise<string> | undefined;

function encryptedPlain(): Promise<string> {
  encryptedText ??= encrypt(PLAIN, {
    format: 'yaml',
    recipients: [ALICE],
    crypto: nodeCrypto,
    services: [localKeyService({})],
  });
  return encryptedText;
}

/** Puts the file and all that the commands need into a sandbox. @returns what the file holds */
export async function prepare(sandbox: Sandbox, writer: Writer): Promise<string> {
  const text = writer.before === 'clear' ? PLAIN : await encryptedPlain();
  sandbox.write(FILE, text);
  sandbox.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE},${BOB}\n`);
  sandbox.env['EDITOR'] = sandbox.script('editor', 'echo "new: line" >>"$1"');
  return text;
}

/** What the file holds: `old`, `new`, or what is wrong with it. */
export async function stateOf(sandbox: Sandbox, writer: Writer, old: string): Promise<string> {
  const text = sandbox.read(FILE);
  if (text === old) return 'old';
  if (!writer.isEncrypted) return text === writer.after ? 'new' : 'neither old nor new';
  if (text.includes(SECRET)) return 'in clear';
  try {
    const plain = await decryptFile(sandbox.path(FILE), { env: { SOPS_AGE_KEY: ALICE_IDENTITY } });
    return plain === writer.after ? 'new' : 'of another meaning';
  } catch (error) {
    return `broken: ${String(error)}`;
  }
}
