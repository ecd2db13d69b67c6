import { redactSecrets } from '../core/redact-secrets.ts';
import type { Flag } from './flags/flag.ts';
import type { ParsedArguments, ParseOptions } from './flags/parse.ts';
import { parseArguments } from './flags/parse.ts';
import { UsageError } from './flags/usage-error.ts';
import type { Output } from './output.ts';
import { FatalError } from './output.ts';

/** Which arguments are taken, and what is said where they are not such. */
interface Usage extends ParseOptions {
  readonly flags: readonly Flag[];
  /** The flags that count when they stand before the command's name. */
  readonly before: readonly Flag[];
  /** What stands before the reason. */
  readonly complaint: string;
  /** Follows the reason. */
  readonly help: () => Promise<string>;
}

/** @throws FatalError once reason and help are written */
export async function parseOrExplain(args: readonly string[], output: Output, usage: Usage): Promise<ParsedArguments> {
  try {
    return parseArguments(args, usage.flags, usage);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { message, unknownFlag } = error;
    await output.data(`${usage.complaint} ${redactSecrets(message)}\n\n${await usage.help()}`);
    if (unknownFlag === undefined || !output.hasHints) throw new FatalError(message);
    const { flagHint } = await import('./hints.ts');
    throw new FatalError(message, 'CMD', flagHint(unknownFlag, usage.flags, usage.before));
  }
}
