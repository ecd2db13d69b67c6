/** The user's editor. Upstream: `cmd/sops/edit.go`, `runEditor`. */
import { SopsError } from '../../core/errors.ts';
import type { ChildOptions } from '../child-process.ts';
import { failureText, lookUpProgram, runProgram } from '../child-process.ts';
import { splitShellWords } from '../shell-words.ts';

/** The first of them that names an editor counts. */
const VARIABLES = ['SOPS_EDITOR', 'EDITOR'] as const;
const FALLBACKS = ['vim', 'nano', 'vi'] as const;

/**
 * Opens a file in the user's editor, on this process's terminal, and waits for its end.
 *
 * @throws SopsError `editor`: there is none, it cannot be started, or it failed
 */
export async function runEditor(file: string, options: ChildOptions): Promise<void> {
  try {
    const [program = '', ...args] = editorCommand(options.env);
    const failure = failureText(await runProgram(program, [...args, file], options));
    if (failure !== undefined) throw new SopsError('editor', failure);
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    throw new SopsError('editor', `Could not run editor: ${error.message}`, { cause: error });
  }
}

/** The words that start the editor; the last one is never the file. */
function editorCommand(env: ChildOptions['env']): string[] {
  for (const variable of VARIABLES) {
    const text = env[variable] ?? '';
    // Upstream would execute the temporary file for a blank one (D27).
    if (text.trim() !== '') return wordsOf(variable, text);
  }
  const found = FALLBACKS.find((name) => isInstalled(name, env['PATH']));
  if (found !== undefined) return [found];
  throw new SopsError(
    'editor',
    `no editor available: neither SOPS_EDITOR nor EDITOR names one, and none of ${FALLBACKS.join(', ')} is installed`,
  );
}

function wordsOf(variable: string, text: string): string[] {
  const invalid = (cause?: unknown): SopsError => new SopsError('editor', `invalid $${variable}: ${text}`, { cause });
  let words: string[];
  try {
    words = splitShellWords(text);
  } catch (error) {
    throw invalid(error);
  }
  if (words.length === 0) throw invalid();
  return words;
}

function isInstalled(name: string, searchPath: string | undefined): boolean {
  try {
    lookUpProgram(name, searchPath);
    return true;
  } catch (error) {
    if (error instanceof SopsError) return false;
    throw error;
  }
}
