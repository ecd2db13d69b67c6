import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Whether this process is in the foreground of its terminal, so that it gets the signals of the keyboard together with its
 * children. Linux tells; elsewhere a standard stream that is a terminal stands for it.
 */
export function isInForeground(): boolean {
  const groups = readGroups();
  if (groups === undefined) return [0, 1, 2].some((descriptor) => isatty(descriptor));
  return groups.own === groups.foreground;
}

/** Source: proc_pid_stat(5). The name of the program comes first, in parentheses, and may hold anything. */
function readGroups(): { own: string; foreground: string } | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return undefined;
  }
  const [, , own, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return own === undefined || foreground === undefined ? undefined : { own, foreground };
}
