/**
 * Recipients and identities of age plugins: programs called age-plugin-NAME. Source: C2SP age-plugin.md, as the client of
 * filippo.io/age 1.3.1 `plugin` speaks it.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { decodeUnpadded } from '../../../core/keys/age/age-base64.ts';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import type { Stanza } from '../../../core/keys/age/age-header.ts';
import { encodeStanza, StanzaParser } from '../../../core/keys/age/age-header.ts';
import { quoted } from '../../../core/keys/quoted.ts';
import { systemCode } from '../../go-errors.ts';
import { startErrorText } from '../key-command.ts';
import type { Connection, KeyHost } from '../key-host.ts';
import type { Identity } from './age-file.ts';
import { IncorrectIdentity } from './age-file.ts';

const empty = new Uint8Array(0);
const waitBeforeNotice = 5_000;

/** Has a plugin wrap a file key for its recipient. @throws AgeError */
export function wrapWithPlugin(
  host: KeyHost,
  plugin: string,
  recipient: string,
  fileKey: Uint8Array,
): Promise<readonly Stanza[]> {
  return withPlugin(host, plugin, 'recipient-v1', async (session) => {
    await session.send('add-recipient', [recipient]);
    await session.sendGrease();
    await session.send('wrap-file-key', [], fileKey);
    await session.send('extension-labels');
    await session.send('done');
    const stanzas: Stanza[] = [];
    let hasLabels = false;
    await session.serve(({ type, args, body }) => {
      if (type === 'labels') {
        if (hasLabels) throw new AgeError('repeated labels stanza');
        hasLabels = true;
        return true;
      }
      if (type !== 'recipient-stanza') return false;
      const [index, stanzaType, ...rest] = args;
      if (stanzaType === undefined) throw new AgeError('malformed recipient stanza: unexpected argument count');
      checkIndex('recipient stanza', index);
      stanzas.push({ type: stanzaType, args: rest, body });
      return true;
    });
    if (stanzas.length === 0) throw new AgeError('received zero recipient stanzas');
    return stanzas;
  });
}

/** The identity of a plugin: the plugin is asked whether it can unwrap. */
export function createPluginIdentity(host: KeyHost, plugin: string, identity: string): Identity {
  return {
    isNative: false,
    unwrap: ({ stanzas }) =>
      withPlugin(host, plugin, 'identity-v1', async (session) => {
        await session.send('add-identity', [identity]);
        await session.sendGrease();
        for (const stanza of stanzas) {
          await session.send('recipient-stanza', ['0', stanza.type, ...stanza.args], stanza.body);
        }
        await session.send('done');
        let fileKey: Uint8Array | undefined;
        await session.serve(({ type, args, body }) => {
          if (type !== 'file-key') return false;
          if (args.length !== 1) throw new AgeError('malformed file-key stanza: unexpected arguments count');
          checkIndex('file-key stanza', args[0]);
          if (fileKey !== undefined) throw new AgeError('received duplicated file-key stanza');
          fileKey = body;
          return true;
        });
        if (fileKey === undefined) throw new IncorrectIdentity();
        return fileKey;
      }),
  };
}

/** Only one file is sent, so its index is zero. */
function checkIndex(where: string, index: string | undefined): void {
  if (index === undefined || !/^[+-]?\d+$/.test(index)) throw new AgeError(`malformed ${where}: invalid index`);
  if (Number(index) !== 0) throw new AgeError(`malformed ${where}: unexpected index`);
}

async function withPlugin<Result>(
  host: KeyHost,
  plugin: string,
  protocol: string,
  talk: (session: PluginSession) => Promise<Result>,
): Promise<Result> {
  try {
    const connection = await startPlugin(host, plugin, protocol);
    try {
      return await talk(new PluginSession(host, plugin, connection));
    } finally {
      await connection.close();
    }
  } catch (error) {
    const reason = `${plugin} plugin: ${error instanceof Error ? error.message : String(error)}`;
    throw error instanceof IncorrectIdentity ? new IncorrectIdentity(reason) : new AgeError(reason);
  }
}

async function startPlugin(host: KeyHost, plugin: string, protocol: string): Promise<Connection> {
  const command = `age-plugin-${plugin}`;
  try {
    return await host.start(command, [`--age-plugin=${protocol}`]);
  } catch (error) {
    const reason = startErrorText(command, error);
    throw new AgeError(
      `couldn't start plugin: ${systemCode(error) === 'ENOENT' ? `${quoted(plugin)} plugin not found: ${reason}` : reason}`,
    );
  }
}

/** A conversation: messages in both directions have the form of stanzas. */
class PluginSession {
  readonly #host: KeyHost;
  readonly #plugin: string;
  readonly #connection: Connection;

  constructor(host: KeyHost, plugin: string, connection: Connection) {
    this.#host = host;
    this.#plugin = plugin;
    this.#connection = connection;
  }

  async send(type: string, args: readonly string[] = [], body: Uint8Array = empty): Promise<void> {
    try {
      await this.#connection.write(encodeStanza({ type, args, body }));
    } catch {
      // A plugin that no longer listens may have said why: that is there to be read.
    }
  }

  /** Now and then a message that no plugin knows, so that plugins learn to skip those. */
  async sendGrease(): Promise<void> {
    if (randomInt(3) === 0) return;
    const args = Array.from({ length: randomInt(3) }, () => String(randomInt(100)));
    const body = randomInt(2) === 0 ? empty : randomBytes(randomInt(100));
    await this.send(`grease-${randomBytes(8).toString('hex')}`, args, body);
  }

  /** Answers until the plugin is done. `take` says whether it knew the message. */
  async serve(take: (message: Stanza) => boolean): Promise<void> {
    for (;;) {
      const message = await this.#receive();
      if (message.type === 'done') return;
      if (message.type === 'error') {
        await this.send('ok');
        throw new AgeError(new TextDecoder().decode(message.body));
      }
      if (take(message)) await this.send('ok');
      else await this.#answer(message);
    }
  }

  async #receive(): Promise<Stanza> {
    const timer = setTimeout(() => {
      this.#host.inform(`waiting on ${this.#plugin} plugin...`);
    }, waitBeforeNotice);
    timer.unref();
    const parser = new StanzaParser();
    try {
      for (;;) {
        const line = await this.#connection.readLine();
        if (line === undefined) throw new AgeError('failed to read line: EOF');
        const message = parser.push(line);
        if (message !== undefined) return message;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** What both directions of the protocol have in common: the plugin talks with the user. */
  async #answer({ type, args, body }: Stanza): Promise<void> {
    const text = new TextDecoder().decode(body);
    if (type === 'msg') {
      this.#host.inform(`${this.#plugin} plugin: ${text}`);
      await this.send('ok');
    } else if (type === 'request-secret' || type === 'request-public') {
      const value = await this.#prompt(text, type === 'request-secret' ? 'secret' : 'line');
      await (value === undefined ? this.send('fail') : this.send('ok', [], new TextEncoder().encode(value)));
    } else if (type === 'confirm') {
      const chosen = await this.#confirm(text, args);
      await (chosen === undefined ? this.send('fail') : this.send('ok', [chosen ? 'yes' : 'no']));
    } else {
      await this.send('unsupported');
    }
  }

  async #prompt(text: string, mode: 'secret' | 'line' | 'character'): Promise<string | undefined> {
    try {
      return await this.#host.prompt(text, mode);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#host.inform(`could not read value for age-plugin-${this.#plugin}: ${reason}`);
      return undefined;
    }
  }

  /** Whether the user chose the first of one or two words. Undefined when there is nobody to ask. */
  async #confirm(text: string, args: readonly string[]): Promise<boolean | undefined> {
    const [first, second, ...more] = args;
    if (first === undefined || more.length > 0) {
      throw new AgeError('malformed confirm stanza: unexpected number of arguments');
    }
    const yes = confirmWord(first, 'YES');
    if (second === undefined) {
      const answer = await this.#prompt(`${text} (press enter for ${quoted(yes)})`, 'secret');
      return answer === undefined ? undefined : true;
    }
    const no = confirmWord(second, 'NO');
    for (;;) {
      const choice = `${text} (press [1] for ${quoted(yes)} or [2] for ${quoted(no)})`;
      const answer = await this.#prompt(choice, 'character');
      if (answer === undefined) return undefined;
      if (answer === '1' || answer === '2') return answer === '1';
    }
  }
}

function confirmWord(encoded: string, name: string): string {
  const bytes = decodeUnpadded(encoded);
  if (bytes === undefined) throw new AgeError(`malformed confirm stanza: invalid ${name} option encoding`);
  return new TextDecoder().decode(bytes);
}
