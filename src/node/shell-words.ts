/**
 * Splits a command line into words as a shell does, expanding nothing: quotes, backslashes, comments. The rules and error texts
 * of github.com/google/shlex, which upstream uses for commands and editors.
 *
 * @throws Error for a quote or an escape that is not finished
 */
export function splitShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const letters = Array.from(text);
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? '';
    if (letter === '\\' && quote !== "'") {
      i++;
      const next = letters[i];
      if (next === undefined) throw new Error('EOF found after escape character');
      word = (word ?? '') + next;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/[ \t\r\n]/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === '#' && word === undefined) {
      while (i + 1 < letters.length && letters[i + 1] !== '\n') i++;
    } else {
      word = (word ?? '') + letter;
    }
  }
  if (quote !== '') throw new Error('EOF found when expecting closing quote');
  if (word !== undefined) words.push(word);
  return words;
}
