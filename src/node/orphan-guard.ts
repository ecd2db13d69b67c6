import type { ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Removes a file when this process is killed. */
export interface OrphanGuard {
  /** The file is nobody's any more, or has gone. */
  release(): void;
}

/** Waits for the end of its input, which comes when the other end of the pipe has gone. */
const SCRIPT = 'read -r line; rm -f -- "$1"';

/**
 * Has a file with clear text removed even when this process is killed by a signal that nobody can listen to: a shell waits for its
 * end. Where there is no such shell the file is not guarded.
 *
 * @param path - of a name that nothing else ever gets
 */
export async function guardAgainstKill(path: string): Promise<OrphanGuard> {
  const { spawn } = await import('node:child_process');
  let shell: ChildProcessByStdio<Writable, null, null>;
  try {
    // Of a session of its own, so that what is sent to the terminal's or the process's group does not reach it.
    shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', path], {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  } catch {
    return { release: () => undefined };
  }
  shell.once('error', () => undefined);
  shell.stdin.once('error', () => undefined);
  shell.unref();
  return {
    release: () => {
      shell.stdin.destroy();
    },
  };
}
