import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText, isWellFormed, replaceLoneSurrogates } from '../../../src/core/tree/utf8.ts';

/** Bytes in which valid sequences, cut-off ones and others meet. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc.string({ unit: 'binary', maxLength: 2 }).map((text) => new TextEncoder().encode(text)),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

describe('text of any bytes', () => {
  it('comes back as the same bytes', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        expect([...encodeText(decodeText(input))]).toEqual([...input]);
      }),
    );
  });

  it('is the usual text where the bytes are UTF-8, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const marked = `\ufeff${text}`;
        expect(decodeText(new TextEncoder().encode(marked))).toBe(marked);
        expect(encodeText(marked)).toEqual(new TextEncoder().encode(marked));
      }),
    );
  });

  it('reads as what a lenient decoder gives once every lone surrogate is a replacement character', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const count = (text: string): number => text.split('\ufffd').length;
        const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
        const text = decodeText(input);
        expect(replaceLoneSurrogates(text).replaceAll('\ufffd', '')).toBe(lenient.replaceAll('\ufffd', ''));
        // A cut-off sequence of several bytes is one replacement there and one for each byte here.
        expect(count(replaceLoneSurrogates(text))).toBeGreaterThanOrEqual(count(lenient));
        expect(isWellFormed(text)).toBe(!lenient.includes('\ufffd') || !/[\udc80-\udcff]/u.test(text));
      }),
    );
  });

  it.each<[number[], string]>([
    [[0x80], '\udc80'],
    [[0x63, 0xe9, 0x64], 'c\udce9d'],
    [[0xc0, 0xaf], '\udcc0\udcaf'],
    [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    [[0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    [[0xf0, 0x9f, 0x98, 0x80], '😀'],
    [[0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
  ])('decodes %j as %j', (input, text) => {
    expect(decodeText(Uint8Array.from(input))).toBe(text);
  });

  it('encodes a lone surrogate that stands for no byte as U+FFFD', () => {
    expect(encodeText('a\ud800b\udc00')).toEqual(new TextEncoder().encode('a\ufffdb\ufffd'));
  });
});
