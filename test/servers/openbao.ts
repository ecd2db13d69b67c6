/** OpenBao, a server with Vault's API: `install-openbao.sh` installs it. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'vitest';
import { freePort } from './free-port.ts';

const INSTALLED = path.resolve(import.meta.dirname, '../../node_modules/.cache/openbao-2.7.2/bao');

/** `OPENBAO` names another place. */
const program = [process.env.OPENBAO ?? '', INSTALLED].find((file) => existsSync(file));

const TOKEN = 'root';

export interface OpenBao {
  readonly address: string;
  readonly token: string;
  /** The authority of its certificate; undefined without TLS. */
  readonly authority: string | undefined;
  /** Sends a request with the token. @returns the answer's JSON; undefined when there is none */
  call(method: string, apiPath: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Tests that need OpenBao: without it they fail in CI, and are marked as skipped, with the reason, elsewhere. */
export function describeWithOpenBao(name: string, body: () => void): void {
  if (program !== undefined) {
    describe(name, body);
    return;
  }
  const reason = `${name}: OpenBao is not installed (test/servers/install-openbao.sh)`;
  if (process.env.CI) {
    test(reason, () => {
      throw new Error(reason);
    });
  } else {
    test.skip(reason, () => {});
  }
}

/** Starts a server in memory on a free port of this machine; `secret/` is a key-value store of version 2. */
export async function startOpenBao(options: { tls?: boolean } = {}): Promise<OpenBao> {
  const folder = mkdtempSync(path.join(tmpdir(), 'openbao-'));
  const port = await freePort();
  const log = path.join(folder, 'log');
  const tls = options.tls ? ['-dev-tls', `-dev-tls-cert-dir=${folder}`] : [];
  const flags = ['-dev-no-store-token', `-dev-root-token-id=${TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`];
  const output = openSync(log, 'w');
  const server = spawn(program as string, ['server', '-dev', ...flags, ...tls], {
    env: { HOME: folder, PATH: process.env.PATH },
    stdio: ['ignore', output, output],
  });
  const stop = async (): Promise<void> => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  // Its last words once it takes requests.
  while (!readFileSync(log, 'utf8').includes('Development mode should NOT be used')) {
    if (server.exitCode !== null) {
      const words = readFileSync(log, 'utf8');
      await stop();
      throw new Error(`OpenBao does not start: ${words}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const authority = options.tls ? readFileSync(path.join(folder, 'vault-ca.pem'), 'utf8') : undefined;
  const address = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return { address, token: TOKEN, authority, stop, call: (...request) => call(address, ...request) };
}

async function call(address: string, method: string, apiPath: string, body?: object): Promise<unknown> {
  const response = await fetch(`${address}/v1/${apiPath}`, {
    method,
    headers: { 'x-vault-token': TOKEN },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) {
      resolve();
      return;
    }
    server.once('exit', () => {
      resolve();
    });
    server.kill('SIGKILL');
  });
}
