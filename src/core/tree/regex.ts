/**
 * RE2 regular expressions, as Go's `regexp` reads them: what rules and metadata are written for. JavaScript's `RegExp`
 * lacks `(?i)`, `\z` and `[[:alpha:]]`, and a hostile pattern can keep it busy for ever.
 */
import type { RE2JS } from 're2js';
import { SopsError } from '../errors.ts';
import { isWellFormed, replaceLoneSurrogates } from './utf8.ts';

/** A compiled pattern. */
export interface Regex {
  /** Whether the pattern matches anywhere in the text (it is not anchored). Linear in the length of the text. */
  matches(text: string): boolean;
}

type Engine = typeof RE2JS;

const CACHE_LIMIT = 1000;

let loading: Promise<Engine> | undefined;
const cache = new Map<string, Regex>();

/**
 * Compiles a pattern in RE2 syntax; the engine is loaded with the first one, so that a program that needs no pattern does
 * not pay for it.
 *
 * @throws SopsError `invalid-config` with Go's text, `error parsing regexp: missing closing ): ...` with the part of the pattern
 * that is wrong
 */
export async function compileRegex(pattern: string): Promise<Regex> {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  loading ??= import('re2js').then((module) => module.RE2JS);
  const regex = compileWith(await loading, pattern);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(pattern, regex);
  return regex;
}

function compileWith(engine: Engine, pattern: string): Regex {
  if (!isWellFormed(pattern)) {
    throw invalidRegex(`error parsing regexp: invalid UTF-8: \`${replaceLoneSurrogates(pattern)}\``);
  }
  let compiled: InstanceType<Engine>;
  try {
    compiled = engine.compile(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw invalidRegex(
      message === 'error parsing regexp: trailing backslash at end of expression' ? `${message}: \`\`` : message,
    );
  }
  return {
    matches: (text) => compiled.test(replaceLoneSurrogates(text)),
  };
}

function invalidRegex(message: string): SopsError {
  const printable = message.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return new SopsError('invalid-config', printable);
}
