/**
 * Passphrases from gpg-agent over its socket (the Assuan protocol). Source: the GnuPG manual "Agent Protocol"; the requests are
 * those of github.com/getsops/gopgagent.
 */
import { joinPath } from './config-folder.ts';
import type { Connection, KeyHost } from './key-host.ts';

export interface PassphraseRequest {
  readonly cacheId: string;
  readonly prompt: string;
  readonly description: string;
}

/** A connection to the agent. */
export interface GpgAgent {
  /** @throws Error whose message is the agent's reason */
  passphrase(request: PassphraseRequest): Promise<string>;
  /** Makes the agent forget. @throws Error */
  forget(cacheId: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects to the agent. Undefined when there is none. */
export async function findGpgAgent(host: KeyHost): Promise<GpgAgent | undefined> {
  const socket = await socketPath(host);
  if (socket === undefined) return undefined;
  let connection: Connection;
  try {
    connection = await host.connect(socket);
  } catch {
    return undefined;
  }
  const greeting = await connection.readLine();
  if (greeting?.startsWith('OK') !== true) {
    await connection.close();
    return undefined;
  }
  return createAgent(host, connection);
}

async function socketPath(host: KeyHost): Promise<string | undefined> {
  const info = host.env('GPG_AGENT_INFO');
  if (info !== undefined) return info.split(':')[0] || undefined;
  const home = await host.accountHome();
  if (home === undefined) return undefined;
  const standard = joinPath(host, home, '.gnupg', 'S.gpg-agent');
  const runtime = host.env('XDG_RUNTIME_DIR');
  return runtime === undefined || host.isSocket(standard) ? standard : joinPath(host, runtime, 'gnupg', 'S.gpg-agent');
}

function createAgent(host: KeyHost, connection: Connection): GpgAgent {
  async function ask(command: string): Promise<string> {
    await connection.write(`${command}\n`);
    const line = await connection.readLine();
    if (line === undefined) throw new Error('EOF');
    return line;
  }

  async function setOption(option: string): Promise<void> {
    const answer = await ask(`OPTION ${option}`);
    if (!answer.startsWith('OK')) throw new Error(`gpgagent: response to OPTION was ${answer}`);
  }

  return {
    async passphrase({ cacheId, prompt, description }) {
      // The agent refuses options without a value. (Upstream sends an empty terminal type, and fails where TERM is not set.)
      const options = { display: host.env('DISPLAY'), ttyname: host.standardInputName(), ttytype: host.env('TERM') };
      for (const [name, value] of Object.entries(options)) {
        if (value !== undefined && value !== '') await setOption(`${name}=${value}`);
      }
      const answer = await ask(
        `GET_PASSPHRASE ${escapeQuery(cacheId)} X ${escapeQuery(prompt)} ${escapeQuery(description)}`,
      );
      const [, hex] = /^OK ((?:[0-9A-Fa-f]{2})*)$/.exec(answer) ?? [];
      if (hex !== undefined) return Buffer.from(hex, 'hex').toString('utf8');
      throw new Error(failureText(answer));
    },
    async forget(cacheId) {
      const answer = await ask(`CLEAR_PASSPHRASE ${escapeQuery(cacheId)}`);
      if (!answer.startsWith('OK')) throw new Error(`gpgagent: CLEAR_PASSPHRASE returned ${answer}`);
    },
    close: () => connection.close(),
  };
}

function failureText(answer: string): string {
  if (answer.startsWith('ERR 67108922')) return 'GPG_ERR_NO_DATA cache miss';
  if (answer.startsWith('ERR 83886179')) return 'gpgagent: Cancel';
  // An answer that begins well may hold the passphrase.
  return answer.startsWith('OK') ? 'gpgagent: malformed answer' : answer;
}

/** Escapes as Go's `url.QueryEscape`, which the agent reads back. */
function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
