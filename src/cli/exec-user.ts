import { SopsError } from '../core/errors.ts';
import { lookUpUser } from '../node/user-account.ts';
import type { CommandContext } from './command.ts';
import { USER } from './flags/table.ts';
import { FatalError } from './output.ts';

/**
 * The name that `--user` gives, empty without one. Upstream: `cmd/sops/subcommand/exec/exec_unix.go`.
 *
 * @throws FatalError when there is no such user
 */
export function execUser({ flags }: CommandContext): string {
  const name = flags.get(USER);
  try {
    if (name !== '') lookUpUser(name);
    return name;
  } catch (error) {
    throw error instanceof SopsError ? new FatalError(error.message, 'EXEC') : error;
  }
}
