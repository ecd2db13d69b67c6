import { readFileSync } from 'node:fs';
import { SopsError } from '../core/errors.ts';

/** A user of this machine. */
export interface UserAccount {
  readonly name: string;
  readonly home: string;
  readonly userId: number;
  readonly groupId: number;
  /** All groups, the primary one first. */
  readonly groupIds: readonly number[];
}

/**
 * Looks a user up in `/etc/passwd` and `/etc/group`, as upstream's statically linked releases do. Upstream: Go's `os/user`.
 *
 * @throws SopsError `generic`: `user: unknown user x`
 */
export function lookUpUser(name: string, files: { passwd: string; group: string } = SYSTEM_FILES): UserAccount {
  for (const [login, , userId, groupId, , home] of recordsOf(files.passwd)) {
    if (login !== name || !isNumber(userId) || !isNumber(groupId)) continue;
    const primary = Number(groupId);
    const others = recordsOf(files.group)
      .filter(([, , id, members]) => isNumber(id) && members?.split(',').includes(name))
      .map(([, , id]) => Number(id));
    const groupIds = [...new Set([primary, ...others])];
    return { name, home: home ?? '', userId: Number(userId), groupId: primary, groupIds };
  }
  throw new SopsError('generic', `user: unknown user ${name}`);
}

/** The variables that a login sets. Upstream: `subcommand/exec/exec_unix.go` `UserEnv`. */
export function userVariables(user: UserAccount): Record<string, string> {
  return { HOME: user.home, USER: user.name, LOGNAME: user.name };
}

const SYSTEM_FILES = { passwd: '/etc/passwd', group: '/etc/group' };

function recordsOf(file: string): string[][] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^[#+-]/.test(line)).map((line) => line.split(':'));
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
