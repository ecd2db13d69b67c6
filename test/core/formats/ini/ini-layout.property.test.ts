import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SopsError } from '../../../../src/core/errors.ts';
import { splitNote } from '../../../../src/core/formats/ciphertext-note.ts';
import { iniFormat } from '../../../../src/core/formats/ini/ini-format.ts';
import type { Entry, MapNode } from '../../../../src/core/tree/node.ts';
import { decodeText } from '../../../../src/core/tree/utf8.ts';
import { runs } from '../../../property.ts';
import { decrypt, encrypt, leavesOf, rotate, textOf } from '../json/toy-encryption.ts';
import { iniLines, iniText } from './ini-arbitrary.ts';

describe('INI layout', () => {
  it('writes an unchanged tree as it was read', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        expect(textOf(iniFormat.emit(iniFormat.parse(text, 'plain'), { form: 'plain' }))).toBe(text);
      }),
    );
  });

  it('gives the very text back after encryption and decryption, with a change of key in between too', () => {
    fc.assert(
      fc.property(
        iniText,
        fc.oneof(
          fc.func(fc.boolean()),
          fc.constant(() => true),
        ),
        (text, isSelected) => {
          const encrypted = encrypt(iniFormat, text, isSelected);
          expect(decrypt(iniFormat, encrypted.text, encrypted.register)).toBe(text);
          const rotated = rotate(iniFormat, encrypted.text, encrypted.register);
          expect(decrypt(iniFormat, rotated.text, rotated.register)).toBe(text);
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it('writes an encrypted text that stays as it is when nothing changes', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const encrypted = encrypt(iniFormat, text).text;
        expect(textOf(iniFormat.emit(iniFormat.parse(encrypted, 'encrypted'), { form: 'encrypted' }))).toBe(encrypted);
      }),
    );
  });

  it('leaves nothing of a comment or value in the encrypted text', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const tree = iniFormat.parse(encrypt(iniFormat, text).text, 'encrypted');
        for (const node of leavesOf({ documents: tree.documents.map(withoutMetadata) })) {
          const content = node.kind === 'leaf' ? node.value : node.text;
          if (content === '') continue;
          expect(content).toMatch(/^ENC\[AES256_GCM,data:\d+,iv:a,tag:b,type:(?:str|comment)\](?: ~[a-z0-9]+)?$/);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('keeps values, names and comments after entries are removed, added and changed', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('remove', 'add', 'change')), { maxLength: 6 });
    fc.assert(
      fc.property(iniText, edits, (text, steps) => {
        const tree = iniFormat.parse(text, 'plain');
        const sections = tree.documents[0]?.items as Entry[];
        for (const [index, [section, item, step]] of steps.entries()) {
          const { items } = (sections[section % sections.length] as Entry).value as MapNode;
          const entries = items.filter((candidate): candidate is Entry => candidate.kind === 'entry');
          const entry = entries[item % Math.max(entries.length, 1)];
          if (step === 'add')
            items.push({ kind: 'entry', key: `new ${index}`, value: { kind: 'leaf', value: ' x#y' } });
          else if (entry && step === 'remove') items.splice(items.indexOf(entry), 1);
          else if (entry) entry.value = { kind: 'leaf', value: 'changed;' };
        }
        const written = textOf(iniFormat.emit(tree, { form: 'plain' }));
        expect(dataOf(iniFormat.parse(written, 'plain').documents[0] as MapNode)).toEqual(
          dataOf(tree.documents[0] as MapNode),
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  it('reads any bytes or refuses them with an error that shows nothing of them', () => {
    fc.assert(
      fc.property(
        fc.oneof(iniLines, fc.string(), fc.uint8Array()),
        fc.constantFrom('plain', 'encrypted'),
        (source, form) => {
          try {
            iniFormat.emit(iniFormat.parse(source, form), { form });
          } catch (error) {
            expect(error).toBeInstanceOf(SopsError);
            expect((error as SopsError).message).toMatch(
              /^Could not unmarshal input data: (?:key-value delimiter not found|unclosed section|empty section name|(?:error creating new key: )?empty key name|missing closing key quote|text behind a closing quote|a key is given twice in one section) \(line \d+\)$/,
            );
          }
        },
      ),
      { numRuns: runs(5000) },
    );
  });
});

function withoutMetadata({ items }: MapNode): MapNode {
  return { kind: 'map', items: items.filter((item) => item.kind === 'entry' && item.key !== 'sops') };
}

/** Sections with their keys and values, and the words of the comments of each in order. */
function dataOf(root: MapNode): unknown {
  return root.items.map((section) => {
    if (section.kind !== 'entry') return section;
    const { items } = section.value as MapNode;
    const entries = items
      .filter((item) => item.kind === 'entry')
      .map(({ key, value }) => [key, value.kind === 'leaf' && value.value]);
    return [section.key, entries];
  });
}

describe('notes behind ciphertexts', () => {
  it('are taken off by any reader that looks for the last bracket', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const { text: encrypted } = encrypt(iniFormat, text);
        for (const [all] of decodeText(new TextEncoder().encode(encrypted)).matchAll(/ENC\[.*\] ~.*$/gm)) {
          expect(splitNote(all.trimEnd()).ciphertext.endsWith(']')).toBe(true);
        }
      }),
    );
  });
});
