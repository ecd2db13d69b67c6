import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SopsError } from '../../../../src/core/errors.ts';
import { jsonFormat } from '../../../../src/core/formats/json/json-format.ts';
import type { Entry, MapNode, Node } from '../../../../src/core/tree/node.ts';
import { runs } from '../../../property.ts';
import { jsonText } from './json-arbitrary.ts';
import { decrypt, encrypt, leavesOf, rotate } from './toy-encryption.ts';

describe('JSON layout', () => {
  it('writes an unchanged tree as it was read', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(jsonFormat.emit(jsonFormat.parse(text, 'plain'), { form: 'plain' })).toBe(text);
      }),
    );
  });

  it('gives the very text back after encryption and decryption, with a change of key in between too', () => {
    fc.assert(
      fc.property(jsonText, fc.func(fc.boolean()), (text, isSelected) => {
        const encrypted = encrypt(jsonFormat, text, isSelected);
        expect(decrypt(jsonFormat, encrypted.text, encrypted.register)).toBe(text);
        const rotated = rotate(jsonFormat, encrypted.text, encrypted.register);
        expect(decrypt(jsonFormat, rotated.text, rotated.register)).toBe(text);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('puts nothing into an encrypted text but ciphertexts, notes without content and what was there', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const encrypted = encrypt(jsonFormat, text);
        const tree = jsonFormat.parse(encrypted.text, 'encrypted');
        for (const leaf of leavesOf(tree)) {
          if (leaf.kind !== 'leaf' || typeof leaf.value !== 'string' || !leaf.value.includes('] ~')) continue;
          expect(leaf.value).toMatch(/\] ~(?:d|h?s?[aA]?|x(?:\d+(?:[relu]|m[0-9a-f]))+)$/);
        }
      }),
    );
  });

  it('holds the same data after entries and elements are removed and added anywhere', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('remove', 'replace', 'add')), { maxLength: 6 });
    fc.assert(
      fc.property(jsonText, edits, (text, steps) => {
        const tree = jsonFormat.parse(text, 'plain');
        const containers = [...containersOf(tree.documents[0] as MapNode)];
        for (const [container, index, step] of steps) {
          const { kind, items } = containers[container % containers.length] as MapNode;
          const at = items.length === 0 ? 0 : index % items.length;
          const value: Node = {
            kind: 'map',
            items: [{ kind: 'entry', key: 'n', value: { kind: 'list', items: [{ kind: 'leaf', value: 1n }] } }],
          };
          const item =
            (kind as string) === 'list' ? (value as unknown as Entry) : ({ kind: 'entry', key: 'new', value } as const);
          items.splice(at, step === 'add' ? 0 : 1, ...(step === 'remove' ? [] : [item]));
        }
        const canonical = jsonFormat.emit(tree, { form: 'plain', indent: 2 }) as string;
        const kept = jsonFormat.emit(tree, { form: 'plain' });
        expect(jsonFormat.emit(jsonFormat.parse(kept, 'plain'), { form: 'plain', indent: 2 })).toBe(canonical);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('reads any text or refuses it with an error that shows nothing of it', () => {
    const broken = fc.tuple(
      jsonText,
      fc.nat(),
      fc.constantFrom('', '{', '}', '"', ',', ':', '\\', '\u0001', '\udc80'),
      fc.nat(3),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          broken.map(([text, at, piece, cut]) => mutate(text, at, piece, cut)),
        ),
        (text) => {
          const secret = text.replaceAll('a', 's3cr3t');
          try {
            jsonFormat.emit(jsonFormat.parse(secret, 'plain'), { form: 'plain' });
          } catch (error) {
            expect(error).toBeInstanceOf(SopsError);
            expect((error as SopsError).message).not.toContain('s3cr3t');
            expect((error as SopsError).code).toBe('unreadable-input');
          }
        },
      ),
      { numRuns: runs(3000) },
    );
  });
});

function mutate(text: string, at: number, piece: string, cut: number): string {
  const position = at % (text.length + 1);
  return text.slice(0, position) + piece + text.slice(position + cut);
}

function* containersOf(root: MapNode): Generator<MapNode> {
  const queue: Node[] = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (node.kind === 'leaf') continue;
    yield node as MapNode;
    for (const item of node.items) queue.push(item.kind === 'entry' ? item.value : (item as Node));
  }
}
