import type { KeyService } from '../core/keys/master-key.ts';
import type { CommandContext } from './command.ts';

/** This machine's own keys: identities, agents and cloud credentials. Loaded when the first key is tried. */
export function localKeyService(_context: CommandContext): KeyService {
  throw new Error('no local key service yet');
}
