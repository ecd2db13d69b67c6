import { describe, expect, it } from 'vitest';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import { decrypt, encrypt, METADATA, shown } from './toy-cipher.ts';

/** A plain text, and its encrypted form with the plaintexts in view and without the metadata at its end. */
const CARRIERS: readonly (readonly [rule: string, plain: string, encrypted: string])[] = [
  ['what the canonical style would write is plain', 'a: x\n', 'a: ENC(str:x)\n'],
  ['so are quotes that it needs', 'a: "1"\nb: \'x: w\'\n', 'a: ENC(str:1)\nb: ENC(str:x: w)\n'],
  ['other quotes stay', 'a: "x"\nb: \'w\'\n', 'a: "ENC(str:x)"\nb: \'ENC(str:w)\'\n'],
  ['a plain word that it would quote has a note', 'a: yes\nb: 12:30\n', 'a: ENC(str:yes) ~p\nb: ENC(str:12:30) ~p\n'],
  [
    'quotes in a flow collection',
    "a: [x, \"w\", 1, '2', 'z']\n",
    "a: ['ENC(str:x)', \"ENC(str:w)\", 'ENC(int:1)', 'ENC(str:2)', 'ENC(str:z) ~s']\n",
  ],
  ['a plain character that it would escape', 'a: 🎉\n', 'a: ENC(str:🎉) ~p\n'],
  [
    'a spelling goes under the cipher',
    'a: 3.0\nb: 0644\nc: TRUE\n',
    'a: ENC(float:3.0)\nb: ENC(int:0420)\nc: ENC(bool:TRUE)\n',
  ],
  ['underscores go into the note', 'a: 0xff_ff\n', 'a: ENC(int:00065535) ~p-u4\n'],
  ['null and the empty string stay', 'a: ~\nb: ""\nc:\n', 'a: ~\nb: ""\nc:\n'],
  ['escapes', 'a: "\\u00e9\\x41\\e\\n"\n', 'a: "ENC(str:éA\u001b\n) ~v-x"\n'],
  ['a raw character in double quotes', 'a: "🎉\tx"\n', 'a: "ENC(str:🎉\tx) ~r-r"\n'],
  ['lines of a plain scalar', 'a: one two\n  three\n\n  four\n', 'a: ENC(str:one two three\nfour) ~p-w7.5.2\n'],
  ['lines of uneven length', "a: 'one\n  two\n   three'\n", "a: 'ENC(str:one two three) ~3f2-3f3'\n"],
  ['an escaped line break', 'a: "one\\\n  two"\n', 'a: "ENC(str:onetwo) ~3k2"\n'],
  ['an escaped line break and blank lines', 'a: "one \\\n\n \n  two"\n', 'a: "ENC(str:one \n\ntwo) ~4K0.1.2"\n'],
  [
    'a literal block in the canonical column',
    'a: |\n    x\n    w\nb:\n  c: |-\n    x\n    w\n',
    'a: ENC(str:x\nw\n)\nb:\n  c: ENC(str:x\nw)\n',
  ],
  ['in another column', 'a: |\n  x\n', 'a: ENC(str:x\n) ~L2\n'],
  ['with a comment on its header', 'a: |-  # c\n  x\nb: w\n', 'a: ENC(str:x) ~L2  #ENC(comment: c)\nb: ENC(str:w)\n'],
  ['with blanks in an empty line', 'a: |\n  x\n \n  w\n', 'a: ENC(str:x\n\nw\n) ~L2-b1.1\n'],
  ['with a needless indicator', 'a: |2+\n  x\nb: |-\n  w\n', 'a: ENC(str:x\n) ~L2ki\nb: ENC(str:w) ~L2\n'],
  ['a folded block', 'a: >-\n  one two\n  three\n\n  four\n', 'a: ENC(str:one two three\nfour) ~G2-w7\n'],
  [
    'a folded block of uneven lines',
    'a: >\n  one\n  two three\n  four\n',
    'a: ENC(str:one two three four\n) ~G2-f3.10\n',
  ],
  ['a block that keeps its last breaks', 'a: |+\n    x\n\nb: w\n', 'a: ENC(str:x\n\n)\nb: ENC(str:w)\n'],
  ['blank lines behind a block stay', 'a: |\n    x\n\n\nb: w\n', 'a: ENC(str:x\n)\n\n\nb: ENC(str:w)\n'],
  ['blocks in lists', 'l:\n- |\n  x\n-   >\n    w\n', 'l:\n- ENC(str:x\n)\n-   ENC(str:w\n) ~G4\n'],
  [
    'tags that change nothing stay',
    'a: !!str 12\nb: !Ref x\nc: &n w\n',
    'a: !!str ENC(str:12) ~p\nb: !Ref ENC(str:x)\nc: &n ENC(str:w)\n',
  ],
  [
    'tags that would, go into the note',
    'a: !!int "12"\nb: !!binary aGk=\n',
    'a: "ENC(int:12) ~t1"\nb: ENC(str:hi) ~p-t5\n',
  ],
  ['base64 in lines', 'a: !!binary |\n  aGVs\n  bG8=\n', 'a: ENC(str:hello) ~t5-m4-L2\n'],
  ['comments', '# a\na: x # b\n#\n', '#ENC(comment: a)\na: ENC(str:x) #ENC(comment: b)\n#\n'],
  [
    'clear values, keys, spaces',
    '"a" :  x\n? b\n: w\nc_clear: {x: 0x1F, w: "z" }\n',
    '"a" :  ENC(str:x)\n? b\n: ENC(str:w)\nc_clear: {x: 0x1F, w: "z" }\n',
  ],
];

/** Aliases, with the encrypted form. */
const ALIASES: readonly (readonly [rule: string, plain: string, encrypted: string])[] = [
  ['a scalar', 'a: &x 1\nb: *x\n', 'a: &x ENC(int:1)\nb: !alias.x ENC(int:1)\n'],
  [
    'a map',
    'a: &x\n  k: 1\nb: *x # c\n',
    'a: &x\n  k: ENC(int:1)\nb:  #ENC(comment: c)\n    !alias.x\n    k: ENC(int:1)\n',
  ],
  [
    'a merge',
    'a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n',
    "a: &x {k: 'ENC(int:1)'}\nb:\n  <<: !alias.x\n      k: ENC(int:1)\n  l: ENC(int:2)\n",
  ],
  [
    'in lists',
    'a: &x [p]\nb:\n- *x\n- [*x]\n',
    "a: &x ['ENC(str:p)']\nb:\n- !alias.x\n  - ENC(str:p)\n- [!alias.x ['ENC(str:p)']]\n",
  ],
  ['of what stays clear', 'a_clear: &x w\nb_clear: *x\n', 'a_clear: &x w\nb_clear: *x\n'],
  ['in clear, of what is encrypted', 'a: &x w\nb_clear: *x\n', 'a: &x ENC(str:w)\nb_clear: !alias.x w\n'],
  ['as a key', 'a: &x w\n*x : z\n', 'a: &x ENC(str:w)\n!alias.x w : ENC(str:z)\n'],
  [
    'of a comment, which stays at the anchor',
    'a: &x\n  # c\n  k: 1\nb: *x\n',
    'a: &x\n  #ENC(comment: c)\n  k: ENC(int:1)\nb: !alias.x\n    k: ENC(int:1)\n',
  ],
];

/** Whole texts with all that may stand around a document. */
const TEXTS: readonly string[] = [
  'a: x',
  'a: x\n',
  'a: x\n\n\n',
  'a: x\n  ',
  '\ufeffa: x\n',
  '---\na: x\n...\n',
  '--- # c\na: x\n--- {b: y}\n---\n---\nc: z',
  '%YAML 1.1\n---\na: x\n',
  '# c\n---\n# d\n',
  '---\n',
  '---',
  'null\n',
  '~',
  '--- null # c\n',
  '# c\n---\n\n  ~ # d\n# e\n',
  '{}\n',
  '{ }',
  '{a: x}\n',
  '{a: x,}\n',
  '{ # c\n  a: x, # d\n  "b": [y,]\n  # e\n}\n# f\n',
  '  a: x\n  b:\n  - y\n  # c\n',
  'a: x\r\nb: |\r\n  y\r\n  z\r\n# c\r\n',
  'a: x\rb: y\r',
  'a: |\n  x',
  'a: >-\n  x\n  y',
  'a: |+\n    x\n\n',
  'a:\n- x\n# c\n',
  '? a\n: x\n? b\n',
  'a:    # c\n  x\n',
  'l:\n  - - x\n    -   - y\n  -\n    k: z\n',
];

describe('layout of the encrypted form', () => {
  it('a block in the column of its key is indented, since nothing else may stand there', () => {
    expect(shown(encrypt('a:\n>\n x\nb:\n  k:\n  |\n   w\n'))).toBe(
      'a:\n ENC(str:x\n) ~G1\nb:\n  k:\n   ENC(str:w\n) ~L1\n',
    );
  });

  it.each(CARRIERS)('%s', (_, plain, encrypted) => {
    const text = encrypt(plain);
    expect(shown(text)).toBe(encrypted);
    expect(decrypt(text)).toBe(plain);
  });

  it.each(ALIASES)('an alias of %s', (_, plain, encrypted) => {
    const text = encrypt(plain);
    expect(shown(text)).toBe(encrypted);
    expect(decrypt(text)).toBe(plain);
  });

  it.each(TEXTS)('everything around comes back: %j', (plain) => {
    expect(decrypt(encrypt(plain))).toBe(plain);
  });

  it.each(TEXTS)('nothing changes where nothing was changed: %j', (plain) => {
    expect(yamlFormat.emit(yamlFormat.parse(plain, 'plain'), { form: 'plain' })).toBe(plain);
    const encrypted = encrypt(plain);
    expect(yamlFormat.emit(yamlFormat.parse(encrypted, 'encrypted'), { form: 'encrypted' })).toBe(encrypted);
  });

  it('the metadata stand at the end of each document, in the column of its root', () => {
    const indented = METADATA.replace(/^(?=.)/gm, '  ');
    expect(encrypt('---\n  a: ~\n...\n# c\n---\nb: ~\n# d\n').replace(/#ENC[^\n]*/g, '#')).toBe(
      `---\n  a: ~\n${indented}...\n#\n---\nb: ~\n#\n${METADATA}`,
    );
  });

  it('a root in flow style has the metadata inside', () => {
    expect(encrypt('{a: ~ } # c\n').replace(/#ENC[^\n]*/g, '#')).toBe(
      '{a: ~, sops: {enc: "x\\ny\\n", lastmodified: "2026-01-02T03:04:05Z"} } #\n',
    );
  });

  it('a document that was nothing but metadata is an empty map', () => {
    expect(decrypt(METADATA)).toBe('{}\n');
  });

  it('an indentation given by the user writes the text anew', () => {
    const tree = yamlFormat.parse('a:   "x"\nl: [w]\n', 'plain');
    expect(yamlFormat.emit(tree, { form: 'plain', indent: 2 })).toBe('a: x\nl:\n  - w\n');
  });

  it('what comes from another format is written in the canonical style', () => {
    const { documents } = yamlFormat.parse('a:   "x"\n', 'plain');
    expect(yamlFormat.emit({ documents }, { form: 'plain' })).toBe('a: x\n');
  });

  it('JSON that was encrypted as JSON has no YAML layout', () => {
    expect(decrypt('{\n\t"a": ["x"],\n\t"sops": {\n\t\t"version": "3"\n\t}\n}\n')).toBe('a:\n    - x\n');
  });

  it('encrypted comments that upstream wrote as elements of a list become comments', () => {
    const element = encrypt('a: x\n').replace(/[^]*(ENC.*),type:str\][^]*/, '$1,type:comment]');
    expect(decrypt(`l:\n    - ${element}\n    - y\n${METADATA}`)).toBe('l:\n    #x\n    - y\n');
  });

  it('a note that does not fit changes nothing but the style', () => {
    const carrier = (note: string): string => encrypt('a: "1"\n').replace(/\](?=\n)/, `] ~${note}`);
    for (const note of ['p', 't1', 'L2', 'p-u9', '9f2', 'w1.1.1', 'G999999999', 'p-5k99999999', 'x', 'zz9', 't9']) {
      expect(yamlFormat.parse(decrypt(carrier(note)), 'plain').documents[0]?.items[0]).toMatchObject({
        value: { value: '1' },
      });
    }
  });
});
