import { SopsError } from '../../core/errors.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { goReason, systemCode } from '../go-errors.ts';
import { splitShellWords } from '../shell-words.ts';
import type { KeyHost } from './key-host.ts';

/**
 * Runs the command of a variable such as `SOPS_AGE_KEY_CMD` and gives its output; what it writes to standard error is dropped.
 * It is told the recipient in `SOPS_AGE_RECIPIENT`. Upstream: `age/keysource.go` `getOutputFromCmd`.
 *
 * @throws SopsError `invalid-key`
 */
export async function runKeyCommand(host: KeyHost, variable: string, recipient: string): Promise<Uint8Array> {
  const line = host.env(variable) ?? '';
  const [command, ...args] = splitCommand(line);
  // Upstream's program dies here (D25).
  if (command === undefined) throw new SopsError('invalid-key', `no command in ${variable}`);
  const failed = (reason: string): SopsError =>
    new SopsError('invalid-key', `failed to execute command ${line}: ${reason}`);
  let result: Awaited<ReturnType<KeyHost['run']>>;
  try {
    result = await host.run(command, args, { env: { SOPS_AGE_RECIPIENT: recipient } });
  } catch (error) {
    throw failed(startErrorText(command, error));
  }
  if (result.signal !== undefined) throw failed(`signal: ${result.signal}`);
  if (result.status !== 0) throw failed(`exit status ${String(result.status)}`);
  return result.stdout;
}

function splitCommand(line: string): string[] {
  try {
    return splitShellWords(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SopsError('invalid-key', `failed to parse command ${line}: ${reason}`);
  }
}

/** Why a program could not be started, in the words of Go's os/exec. */
export function startErrorText(command: string, error: unknown): string {
  if (/[/\\]/.test(command)) return `fork/exec ${command}: ${goReason(error)}`;
  const reason = systemCode(error) === 'ENOENT' ? 'executable file not found in $PATH' : goReason(error);
  return `exec: ${quoted(command)}: ${reason}`;
}
