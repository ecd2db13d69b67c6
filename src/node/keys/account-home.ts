import { userInfo } from 'node:os';

/** The home folder of the account. Undefined when the system does not know the account. */
export function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}
