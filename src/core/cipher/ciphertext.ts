/**
 * The text that stands for an encrypted leaf: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`, the first three in standard
 * padded base64. Upstream: `aes/cipher.go`, whose pattern is anchored at the start only, is greedy, and lets nothing but
 * the line's end stop it; so whatever follows the last `]` of the first line is ignored.
 */
export interface CiphertextParts {
  data: string;
  iv: string;
  tag: string;
  type: string;
  /** How much of the text the ciphertext takes, up to and with its last `]`. */
  length: number;
}

const PREFIX = 'ENC[AES256_GCM,data:';

/** Takes a ciphertext apart. Undefined when the text has not the format. */
export function parseCiphertext(text: string): CiphertextParts | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const lineEnd = text.indexOf('\n');
  const close = text.lastIndexOf(']', lineEnd < 0 ? text.length : lineEnd);
  // Greedy groups: each separator is the last that leaves room for those behind it.
  const type = text.lastIndexOf(',type:', close - 7);
  const tag = type < 0 ? -1 : text.lastIndexOf(',tag:', type - 6);
  const iv = tag < 0 ? -1 : text.lastIndexOf(',iv:', tag - 5);
  if (close < 0 || iv <= PREFIX.length) return undefined;
  return {
    data: text.slice(PREFIX.length, iv),
    iv: text.slice(iv + 4, tag),
    tag: text.slice(tag + 5, type),
    type: text.slice(type + 6, close),
    length: close + 1,
  };
}

/** Puts a ciphertext together. */
export function formatCiphertext(data: string, iv: string, tag: string, type: string): string {
  return `${PREFIX}${data},iv:${iv},tag:${tag},type:${type}]`;
}
