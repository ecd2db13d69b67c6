/** Upstream: age's `cmd/age-keygen`, whose flags, messages and file format these are. */
import { resolve } from 'node:path';
import { SopsError } from '../../core/errors.ts';
import { generateIdentity, identityFile, recipientsOf } from '../../core/keys/age/keygen.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { decodeText } from '../../core/tree/utf8.ts';
import { readErrorText, readWhole } from '../../node/files.ts';
import { goErrorText } from '../../node/go-errors.ts';
import { nativeAge } from '../../node/keys/age/native-age.ts';
import type { Command, CommandContext } from '../command.ts';
import { SUCCESS } from '../exit-status.ts';
import { KEYGEN_CONVERT, KEYGEN_OUTPUT, KEYGEN_POST_QUANTUM } from '../flags/table.ts';
import { formatLocalTime } from '../log-line.ts';
import { createPrivateFile } from '../private-file.ts';

const LONGEST_SHOWN_RECIPIENT = 100;

export const keygenCommand: Command = {
  parameters: '[file]',
  description: [
    'Makes an age key pair and prints it, or writes it to a new file that only you can read. The secret key belongs in the file that sops reads identities from; the public key, the recipient, goes into .sops.yaml or behind --age.',
    'With -y it reads an identity file, or stdin, and prints the recipients.',
  ],
  examples: [
    { command: 'keygen -o ~/.config/sops/age/keys.txt', description: 'make a key where sops looks for it' },
    { command: 'keygen -y ~/.config/sops/age/keys.txt', description: 'print its recipient again' },
  ],
  flags: [KEYGEN_OUTPUT, KEYGEN_CONVERT, KEYGEN_POST_QUANTUM],
  honours: [],
  async run(context) {
    const { args, flags } = context;
    const isConversion = flags.get(KEYGEN_CONVERT);
    if (args.length > (isConversion ? 1 : 0)) throw new SopsError('generic', 'too many arguments');
    if (isConversion && flags.get(KEYGEN_POST_QUANTUM)) throw new SopsError('generic', '-pq cannot be used with -y');
    return isConversion ? convert(context) : generate(context);
  },
};

async function generate(context: CommandContext): Promise<number> {
  const { host, output, flags } = context;
  const file = flags.get(KEYGEN_OUTPUT);
  if (file === '' && host.stdout.isWorldReadable)
    await output.note('warning: writing secret key to a world-readable file');
  const pair = await generateIdentity(nativeAge, { postQuantum: flags.get(KEYGEN_POST_QUANTUM) });
  const { recipient } = pair;
  await write(context, identityFile(pair, formatLocalTime(host.now())));
  if (file !== '' || !host.stdout.isTty) await output.note(`Public key: ${recipient}`);
  if (host.stderr.isTty) await output.note(nextSteps(recipient, file));
  return SUCCESS;
}

async function convert(context: CommandContext): Promise<number> {
  const text = decodeText(await readIdentities(context));
  const recipients = await recipientsOf(nativeAge, text);
  await write(context, recipients.map((recipient) => `${recipient}\n`).join(''));
  return SUCCESS;
}

async function readIdentities({ host, args }: CommandContext): Promise<Uint8Array> {
  const [file = ''] = args;
  if (file === '' || file === '-') return host.stdin.readAll();
  try {
    return readWhole(resolve(host.cwd, file));
  } catch (error) {
    throw new SopsError('generic', `failed to open input file ${quoted(file)}: ${readErrorText(file, error)}`);
  }
}

async function write({ host, output, flags }: CommandContext, text: string): Promise<void> {
  const file = flags.get(KEYGEN_OUTPUT);
  if (file === '') return output.data(text);
  try {
    createPrivateFile(resolve(host.cwd, file), text);
  } catch (error) {
    const verb = (error as NodeJS.ErrnoException).syscall === 'write' ? 'write' : 'open';
    throw new SopsError('generic', `failed to ${verb} output file ${quoted(file)}: ${goErrorText(verb, file, error)}`);
  }
}

function nextSteps(recipient: string, file: string): string {
  const shown = recipient.length > LONGEST_SHOWN_RECIPIENT ? '<the public key above>' : recipient;
  const place = file === '' ? 'the file that holds the secret key' : file;
  return `
To encrypt for this key, put these lines into .sops.yaml:

creation_rules:
  - age: ${shown}

To decrypt, let SOPS_AGE_KEY_FILE name ${place}, or keep it as
sops/age/keys.txt in your configuration folder. Whoever has it can read your
files; without it nobody can.`;
}
