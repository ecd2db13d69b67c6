/** White space of Unicode as Go has it, but for the line feed and the no-break space. */
const blank = /[\t\v\f\r \u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Wraps at white space only, so that lines have at most `limit` code points; a longer word is left whole. The same text as
 * github.com/mitchellh/go-wordwrap 1.0.1 gives.
 */
export function wrapWords(text: string, limit: number): string {
  let out = '';
  let column = 0;
  let space = '';
  let spaceLength = 0;
  let word = '';
  let wordLength = 0;
  const flush = (): void => {
    out += space + word;
    column += spaceLength + wordLength;
    space = '';
    spaceLength = 0;
    word = '';
    wordLength = 0;
  };
  for (const letter of text) {
    if (letter === '\n') {
      if (wordLength > 0 || column + spaceLength <= limit) flush();
      space = '';
      spaceLength = 0;
      out += letter;
      column = 0;
    } else if (blank.test(letter)) {
      if (wordLength > 0) flush();
      space += letter;
      spaceLength++;
    } else {
      word += letter;
      wordLength++;
      if (column + spaceLength + wordLength > limit && wordLength < limit) {
        out += '\n';
        column = 0;
        space = '';
        spaceLength = 0;
      }
    }
  }
  if (wordLength > 0 || column + spaceLength <= limit) flush();
  return out;
}
