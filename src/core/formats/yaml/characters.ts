/** Character classes of the YAML 1.1 scanner (libyaml's `yaml_private.h`). Code 0 stands for the end of the text. */

/** LF, CR, NEL, LS, PS. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** A space or a tab. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return code <= 0x20 ? code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || code === 0 : isBreak(code);
}

/** What names of anchors and tag handles are made of: ASCII letters, digits, `_` and `-`. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** `,` `?` `[` `]` `{` `}`: what ends a plain scalar in a flow collection. */
export function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** The value of a hexadecimal digit, -1 for anything else. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  return -1;
}

/** The kind of the text's first line break; `\n` if it has none of CRLF, CR and LF. */
export function lineBreakOf(text: string): '\n' | '\r\n' | '\r' {
  const at = text.search(/[\r\n]/);
  if (at < 0 || text.charCodeAt(at) === 0x0a) return '\n';
  return text.charCodeAt(at + 1) === 0x0a ? '\r\n' : '\r';
}
