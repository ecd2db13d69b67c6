import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SopsError } from '../../../../src/core/errors.ts';
import { dotenvFormat } from '../../../../src/core/formats/dotenv/dotenv-format.ts';
import { decodeText, encodeText } from '../../../../src/core/tree/utf8.ts';
import { runs } from '../../../property.ts';
import { decrypt, encrypt, rotate } from '../json/toy-encryption.ts';

const word = fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/[\n=]|^#|^sops_/g, '_'));
const value = fc.oneof(
  word,
  fc.constantFrom('"quoted"', ' padded ', 'a=b', '\\n', '\\\\n', "'x'", '$HOME # c', '\r', '', 'ENC[x] ~h'),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => decodeText(bytes).replaceAll('\n', '')),
);
const line = fc.oneof(
  fc.tuple(word, value).map(([key, text]) => `${key}=${text}`),
  value.map((text) => `#${text}`),
  fc.constant(''),
);

/** Dotenv texts whose last line is ended. */
const dotenvText = fc.array(line).map((lines) => decodeText(encodeText(lines.map((text) => `${text}\n`).join(''))));

function isReadable(text: string): boolean {
  try {
    dotenvFormat.parse(text, 'plain');
    return true;
  } catch {
    return false;
  }
}

describe('dotenv layout', () => {
  it('writes an unchanged tree as it was read, with or without a last line break', () => {
    fc.assert(
      fc.property(dotenvText.filter(isReadable), fc.boolean(), (text, isCut) => {
        const source = isCut ? text.replace(/\n$/, '') : text;
        const written = dotenvFormat.emit(dotenvFormat.parse(source, 'plain'), { form: 'plain' });
        expect(typeof written === 'string' ? written : decodeText(written)).toBe(source);
      }),
    );
  });

  it('gives the very text back after encryption and decryption, with a change of key in between too', () => {
    fc.assert(
      fc.property(dotenvText.filter(isReadable), fc.func(fc.boolean()), (text, isSelected) => {
        const encrypted = encrypt(dotenvFormat, text, isSelected);
        expect(decrypt(dotenvFormat, encrypted.text, encrypted.register)).toBe(text);
        const rotated = rotate(dotenvFormat, encrypted.text, encrypted.register);
        expect(decrypt(dotenvFormat, rotated.text, rotated.register)).toBe(text);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('ends the last line when it was not ended, and changes nothing else', () => {
    fc.assert(
      fc.property(dotenvText.filter(isReadable), (text) => {
        const cut = text.replace(/\n$/, '');
        const encrypted = encrypt(dotenvFormat, cut);
        const isEnded = cut === '' || cut.endsWith('\n');
        expect(decrypt(dotenvFormat, encrypted.text, encrypted.register)).toBe(isEnded ? cut : `${cut}\n`);
      }),
    );
  });

  it('reads any bytes or refuses them with an error that shows nothing of them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), dotenvText, fc.uint8Array()), (source) => {
        try {
          dotenvFormat.emit(dotenvFormat.parse(source, 'plain'), { form: 'plain' });
        } catch (error) {
          expect(error).toBeInstanceOf(SopsError);
          expect((error as SopsError).message).toMatch(
            /^invalid dotenv input line: (?:no "=" in line \d+|the quoted value in line \d+ goes on over several lines)$/,
          );
        }
      }),
      { numRuns: runs(3000) },
    );
  });
});
