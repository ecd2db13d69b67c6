import { describe, expect, it } from 'vitest';
import { FormatError, SopsError } from '../../../../src/core/errors.ts';
import { iniFormat } from '../../../../src/core/formats/ini/ini-format.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Node, Tree, Value } from '../../../../src/core/tree/node.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';
import { decrypt, encrypt } from '../json/toy-encryption.ts';

type Shown = string | [string, Shown[] | Value];

function shown(root: MapNode): Shown[] {
  return root.items.map((item): Shown => {
    if (item.kind === 'comment') return `#${item.text}`;
    return [item.key, item.value.kind === 'leaf' ? item.value.value : shown(item.value as MapNode)];
  });
}

function read(text: string, form: 'plain' | 'encrypted' = 'plain'): Shown[] {
  return shown(iniFormat.parse(text, form).documents[0] as MapNode);
}

function errorOf(run: () => unknown): SopsError {
  try {
    run();
  } catch (error) {
    return error as SopsError;
  }
  throw new Error('no error');
}

function map(...items: (Entry | Comment)[]): MapNode {
  return { kind: 'map', items };
}

function entry(key: string, value: Value | Node): Entry {
  const isNode = typeof value === 'object' && value !== null && 'kind' in value;
  return { kind: 'entry', key, value: isNode ? value : { kind: 'leaf', value } };
}

function comment(text: string): Comment {
  return { kind: 'comment', text, inline: false };
}

function write(root: MapNode): string {
  return iniFormat.emit({ documents: [root] }, { form: 'plain' }) as string;
}

describe('reading INI', () => {
  // Recorded from the reference program.
  it.each<[string, Shown[]]>([
    ['', [['DEFAULT', []]]],
    ['k = v', [['DEFAULT', [['k', 'v']]]]],
    [
      'a=b=c\nd:e\n',
      [
        [
          'DEFAULT',
          [
            ['a', 'b=c'],
            ['d', 'e'],
          ],
        ],
      ],
    ],
    ['k = a#b\n', [['DEFAULT', [['k', 'a'], '#b']]]],
    ['k = "p q" ; c\n', [['DEFAULT', [['k', 'p q'], '#c']]]],
    ["k = 'x'\n", [['DEFAULT', [['k', 'x']]]]],
    ['k = "a" "b"\n', [['DEFAULT', [['k', '"a" "b"']]]]],
    ['k = `a\n b` ; c\n', [['DEFAULT', [['k', 'a\n b'], '#c']]]],
    ['k = """a\nb"""\n', [['DEFAULT', [['k', 'a\nb']]]]],
    [
      'k = one \\\n   two \\\n three\nl = x\n',
      [
        [
          'DEFAULT',
          [
            ['k', 'one two three'],
            ['l', 'x'],
          ],
        ],
      ],
    ],
    [
      'k = one \\\n\nl=x\n',
      [
        [
          'DEFAULT',
          [
            ['k', 'one '],
            ['l', 'x'],
          ],
        ],
      ],
    ],
    ['k = """one\ntwo""" \\\nthree"""\n', [['DEFAULT', [['k', 'one\ntwo""" \\\nthree']]]]],
    [
      '"a=b" = 1\n`c:d`=2\n"""e"f""" = 3\n',
      [
        [
          'DEFAULT',
          [
            ['a=b', '1'],
            ['c:d', '2'],
            ['e"f', '3'],
          ],
        ],
      ],
    ],
    [
      '- = x\n- = y\n',
      [
        [
          'DEFAULT',
          [
            ['#1', 'x'],
            ['#2', 'y'],
          ],
        ],
      ],
    ],
    [
      '[a[0]]\nk=v\n[ p ]\n',
      [
        ['DEFAULT', []],
        ['a[0]', [['k', 'v']]],
        [' p ', []],
      ],
    ],
    [
      '[s] ; c\n',
      [
        ['DEFAULT', []],
        ['s', ['#c']],
      ],
    ],
    [
      '\ufeff[s]\r\nk = v\r\n',
      [
        ['DEFAULT', []],
        ['s', [['k', 'v']]],
      ],
    ],
    [
      '  k\t=\tv\t\nl = \n',
      [
        [
          'DEFAULT',
          [
            ['k', 'v'],
            ['l', ''],
          ],
        ],
      ],
    ],
    ['k = "  x "\n', [['DEFAULT', [['k', '  x ']]]]],
    ['#\nk=v\n', [['DEFAULT', [['k', 'v'], '#']]]],
    ['k = \\\n', [['DEFAULT', [['k', '']]]]],
    [
      '\u0085k\u00a0=\u2003v\u3000\n\ufeffl=x',
      [
        [
          'DEFAULT',
          [
            ['k', 'v'],
            ['\ufeffl', 'x'],
          ],
        ],
      ],
    ],
  ])('reads %j as the reference program does', (text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(read(text, 'encrypted')).toEqual(expected);
  });

  it('keeps in a comment the empty lines that the reference program drops, with a blank', () => {
    const text = '; one\n\n;two\n[s]\n# three\nk = v # four\n';
    // There it is "one\n;two".
    expect(read(text)).toEqual([
      ['DEFAULT', []],
      ['s', ['#one\n \n;two', ['k', 'v'], '#three\n# four']],
    ]);
  });

  it('takes a comment character inside quotes for a part of the value, in plain text', () => {
    expect(read('k = "p#s"\nl = \'a;b\' ; c\n')).toEqual([['DEFAULT', [['k', 'p#s'], ['l', 'a;b'], '#c']]]);
    // Recorded from the reference program, whose reading the MAC of an encrypted file covers.
    expect(read('k = "p#s"\n', 'encrypted')).toEqual([['DEFAULT', [['k', '"p'], '#s"']]]);
  });

  it('keeps the comment behind a closing quote, which the reference program drops', () => {
    expect(read('k = `x;y` ; noted\n')).toEqual([['DEFAULT', [['k', 'x;y'], '#noted']]]);
  });

  it('keeps the comments at the end, in an encrypted file those above the metadata too', () => {
    expect(read('[s]\nk = v\n; last\n; words\n')).toEqual([
      ['DEFAULT', []],
      ['s', [['k', 'v'], '#last\n; words']],
    ]);
    expect(read('[s]\nk = v\n; ENC[AES256_GCM,x]\n\n[sops]\nm = v\n', 'encrypted')).toEqual([
      ['DEFAULT', []],
      ['s', [['k', 'v'], '#ENC[AES256_GCM,x]']],
      ['sops', [['m', 'v']]],
    ]);
  });

  it('takes each ciphertext among the lines of a comment for a comment of its own, in an encrypted file', () => {
    const text = '; ENC[AES256_GCM,1]\n; clear\n; text\n; ENC[AES256_GCM,2]\nk = v ; ENC[AES256_GCM,3]\n';
    expect(read(text, 'encrypted')).toEqual([
      ['DEFAULT', [['k', 'v'], '#ENC[AES256_GCM,1]', '#clear\n; text', '#ENC[AES256_GCM,2]', '#ENC[AES256_GCM,3]']],
    ]);
  });

  it.each([
    ['[s]\ns3cr3t\n', 2, 'key-value delimiter not found'],
    ['[s\n', 1, 'unclosed section'],
    ['[]\n', 1, 'empty section name'],
    ['\n= s3cr3t\n', 2, 'empty key name'],
    ['"" = s3cr3t\n', 1, 'error creating new key: empty key name'],
    ['k = """s3cr3t\nx\n', 1, 'missing closing key quote'],
    ['`k = s3cr3t\n', 1, 'missing closing key quote'],
    ['`k` s3cr3t\n', 1, 'key-value delimiter not found'],
    ['k = `x` s3cr3t\n', 1, 'text behind a closing quote'],
    ['[s]\nk = s3cr3t\nl = 1\nk = 2\n', 4, 'a key is given twice in one section'],
  ])('refuses %j without showing any of it', (text, line, reason) => {
    const error = errorOf(() => iniFormat.parse(text, 'plain'));
    expect(error).toBeInstanceOf(FormatError);
    expect([error.code, error.message, (error as FormatError).line]).toEqual([
      'unreadable-input',
      `Could not unmarshal input data: ${reason} (line ${line})`,
      line,
    ]);
  });

  it('lets a key stand in several sections of one name', () => {
    expect(read('[s]\nk=1\n[s]\nk=2\n')).toEqual([
      ['DEFAULT', []],
      ['s', [['k', '1']]],
      ['s', [['k', '2']]],
    ]);
  });
});

describe('writing INI', () => {
  // Recorded from the reference program.
  it.each<[MapNode, string]>([
    [map(entry('DEFAULT', map())), ''],
    [map(entry('DEFAULT', map(entry('a', '1'))), entry('s', map())), 'a = 1\n\n[s]\n'],
    [
      map(
        entry(
          's',
          map(comment('one\n; two\n#three'), entry('k', 'v'), comment('  four\n;five'), entry('longer key', '')),
        ),
      ),
      '; one\n; two\n# three\n[s]\n; four\n; five\nk          = v\nlonger key = \n',
    ],
    [
      map(entry('s', map(entry('a=b', 'a#b'), entry('c`d', ' x '), entry('ü', 'two\nlines'), entry('q"', 't`')))),
      '[s]\n`a=b`     = `a#b`\n"""c`d""" = " x "\nü        = """two\nlines"""\n`q"`      = """t`"""\n',
    ],
    [
      map(
        entry(
          's',
          map(
            entry('a', 1n),
            entry('b', 1.5),
            entry('c', true),
            entry('d', 1000000),
            entry('e', new Timestamp('2020-01-02T03:04:05.6Z')),
          ),
        ),
      ),
      '[s]\na = 1\nb = 1.5\nc = true\nd = 1E+06\ne = 2020-01-02T03:04:05Z\n',
    ],
    [map(comment('root'), entry('s', map(entry('k', 'v')))), '[s]\nk = v\n'],
  ])('writes a tree as the reference program does', (tree, text) => {
    expect(write(tree)).toBe(text);
  });

  it('quotes what the reference program would not read back', () => {
    const values = ['"quoted"', "'q'", 'ends with \\', '"""triple', '`', ' a"b ', '\\', '`a\nb'];
    const section = map(...values.map((value, index) => entry(`k${index}`, value)));
    for (const form of ['plain', 'encrypted'] as const) {
      expect(read(write(map(entry('s', section))), form)).toEqual([
        ['DEFAULT', []],
        ['s', values.map((value, index): Shown => [`k${index}`, value])],
      ]);
    }
  });

  it('keeps the name of a first section that upstream takes for its implicit one', () => {
    expect(write(map(entry('default', map(entry('k', 'v')))))).toBe('[default]\nk = v\n');
  });

  it('writes null as an empty value, and a comment with an empty line', () => {
    expect(write(map(entry('s', map(entry('k', null), comment('\na')))))).toBe('[s]\n; \n; a\nk = \n');
  });

  it('writes an INI text anew when an indentation is given', () => {
    const tree = iniFormat.parse('# a\n[s]\nlong_key=1\n- = 2 # b\n; end\n', 'plain');
    expect(iniFormat.emit(tree, { form: 'plain', indent: 2 })).toBe(
      '; a\n[s]\nlong_key = 1\n; b\n-        = 2\n; end\n',
    );
  });

  it.each<[MapNode, string]>([
    [map(entry('x', 'y')), 'Error encoding section: Section values should always be TreeBranches'],
    [map(entry('', map())), 'Error encoding section : empty section name'],
    [map(entry('s', map(entry('', 'v')))), 'Error encoding key: error creating new key: empty key name'],
    [map(entry('a\nb', map())), 'an INI file cannot hold a section name with a line break'],
    [map(entry('s', map(entry('#k', 'v')))), 'an INI file cannot hold a key with such characters'],
    [map(entry('s', map(entry('[x]', 'v')))), 'an INI file cannot hold a key with such characters'],
    [map(entry('s', map(entry('-', 'v')))), 'an INI file cannot hold a key with such characters'],
    [map(entry('s', map(entry(' k', 'v')))), 'an INI file cannot hold a key with such characters'],
    [map(entry('s', map(entry('a\nb', 'v')))), 'an INI file cannot hold a key with such characters'],
    [map(entry('s', map(entry('k', map())))), 'cannot use complex value in INI file'],
    [map(entry('s', map(entry('k', '1'), entry('k', '2')))), 'a section of an INI file cannot hold a key twice'],
  ])('refuses what INI cannot hold, when it is checked and when it is written', (root, reason) => {
    const message = `Error marshaling to INI: ${reason}`;
    const written = errorOf(() => write(root));
    const checked = errorOf(() => {
      iniFormat.checkHolds({ documents: [root] }, 'encrypted');
    });
    expect([written.code, written.message, checked.code, checked.message]).toEqual(['dump', message, 'dump', message]);
  });

  it('refuses a value that no quotes can hold', () => {
    const error = errorOf(() => write(map(entry('s', map(entry('k', 'a\n"""\n`\nb'))))));
    expect(error.code).toBe('dump');
  });

  it('writes the sections of several documents, and encrypts one document alone', () => {
    const tree: Tree = { documents: [map(entry('s', map(entry('a', 'x')))), map(entry('t', map(entry('b', 'y'))))] };
    expect(iniFormat.emit(tree, { form: 'plain' })).toBe('[s]\na = x\n\n[t]\nb = y\n');
    expect(
      errorOf(() => {
        iniFormat.checkHolds(tree, 'encrypted');
      }).message,
    ).toBe('Error marshaling to INI: an INI file holds one document, not 2');
  });

  it('refuses to encrypt null, which would come back as text', () => {
    const tree: Tree = { documents: [map(entry('s', map(entry('k', null))))] };
    expect(
      errorOf(() => {
        iniFormat.checkHolds(tree, 'encrypted');
      }).message,
    ).toBe('Error marshaling to INI: cannot use null in an INI file');
    expect(() => {
      iniFormat.checkHolds(tree, 'plain');
    }).not.toThrow();
  });

  it('lets a key that was read from quotes or from a dash be encrypted in place', () => {
    expect(() => {
      iniFormat.checkHolds(iniFormat.parse('- = 1\n`#k` = 2\n', 'plain'), 'encrypted');
    }).not.toThrow();
  });

  // Recorded from the reference program.
  it.each<[Leaf | ListNode, string]>([
    [
      {
        kind: 'list',
        items: [
          { kind: 'leaf', value: 1n },
          { kind: 'leaf', value: 'a<' },
        ],
      },
      '[1,"a\\u003c"]',
    ],
    [{ kind: 'leaf', value: 1e21 }, '1e+21'],
    [{ kind: 'leaf', value: null }, 'null'],
  ])('prints one value as JSON on one line', (node, text) => {
    expect(iniFormat.emitValue(node, { form: 'plain' })).toBe(text);
  });

  it('offers an example with the names that the reference program has there', () => {
    const text = iniFormat.emit(iniFormat.example(), { form: 'plain' }) as string;
    expect(text.split('\n').map((line) => line.replace(/ = .*/, ' ='))).toEqual([
      '; An example file.',
      '[Welcome!]',
      'hello       =',
      'example_key =',
      '',
    ]);
  });
});

describe('keeping the layout of INI', () => {
  const metadata = [
    '[sops]',
    'age__list_0__map_enc       = -----BEGIN-----\\nMIIB\\n-----END-----\\n',
    'age__list_0__map_recipient = age1qqqq',
    'mac                        = ENC[AES256_GCM,data:m,iv:a,tag:b,type:str]',
    'shamir_threshold           = 2',
  ];
  const sealed = (number: number, type = 'str'): string => `ENC[AES256_GCM,data:${number},iv:a,tag:b,type:${type}]`;

  it.each([
    ['', metadata.map((line) => `${line}\n`).join('')],
    ['k=v\n', `k=${sealed(0)}\n\n${metadata.map((line) => `${line}\n`).join('')}`],
    ['k=v', `k=${sealed(0)}\n\n${metadata.join('\n')}`],
    ['k=v\r\n\r\n', `k=${sealed(0)}\r\n\r\n\r\n${metadata.map((line) => `${line}\r\n`).join('')}`],
    ['; last\n', `; ${sealed(0, 'comment')}\n\n${metadata.map((line) => `${line}\n`).join('')}`],
  ])('puts the metadata at the end of %j behind a blank line', (text, expected) => {
    const { text: encrypted, register } = encrypt(iniFormat, text);
    expect(encrypted).toBe(expected);
    expect(decrypt(iniFormat, encrypted, register)).toBe(text);
  });

  it.each([
    ['k = "v w"\n', `k = ${sealed(0)} ~dvd\n`],
    ["k : 'v'\n", `k : ${sealed(0)} ~qvq\n`],
    ['k = `v`\n', `k = ${sealed(0)} ~gvg\n`],
    ['k = `a#b`\n', `k = ${sealed(0)}\n`],
    ['k = one \\\n  two\n', `k = ${sealed(0)} ~4vbn2sv\n`],
    ['k = v ; c\n', `k = ${sealed(0)} ; ${sealed(1, 'comment')}\n`],
    ['#  a\n\n; b  \nk = v\n', `#  ${sealed(1, 'comment')}  \nk = ${sealed(0)}\n`],
    ['; a\nk = v\t# b\n', `; ${sealed(1, 'comment')} ~i1t\nk = ${sealed(0)}\n`],
    ['[s] # b\n', `# ${sealed(0, 'comment')} ~i\n[s]\n`],
    ['; a\r\n; b\n[s]\n', `; ${sealed(0, 'comment')} ~x\n[s]\n`],
    ['[s]\n#\nk = ""\n', '[s]\n#\nk = ""\n'],
  ])('encrypts %j in place', (text, expected) => {
    expect(
      encrypt(iniFormat, text)
        .text.replaceAll('\r\n', '\n')
        .replace(/\n\[sops\][^]*/, ''),
    ).toBe(expected);
  });

  it('writes a clear value in quotes of which the reference program reads the same', () => {
    const { text, register } = encrypt(iniFormat, 'k = "p#s" ; c\n', (index) => index === 1);
    expect(text).toMatch(/^; ENC\[.*\] ~i\nk = `p#s` ~dvd\n/);
    expect(read(text, 'encrypted')[0]).toEqual(['DEFAULT', [['k', 'p#s'], `#${sealed(1, 'comment')} ~i`]]);
    expect(decrypt(iniFormat, text, register)).toBe('k = "p#s" ; c\n');
  });

  const text = '; top\n[s]\n  a=1\n\n  long_name=2 ; note\n; about c\n  c=3\n\n\n[t]\nx : y\n';

  it.each<[string, (root: MapNode) => void, string]>([
    [
      'removes a key and keeps its comment',
      (root) => section(root, 1).splice(2, 1),
      '; top\n[s]\n  a=1\n\n; note\n; about c\n  c=3\n\n\n[t]\nx : y\n',
    ],
    [
      'removes a key and its comment',
      (root) => section(root, 1).splice(2, 2),
      '; top\n[s]\n  a=1\n\n; about c\n  c=3\n\n\n[t]\nx : y\n',
    ],
    ['removes a section with what belongs to it', (root) => root.items.splice(1, 1), '[t]\nx : y\n'],
    [
      'removes the last section',
      (root) => root.items.splice(2, 1),
      '; top\n[s]\n  a=1\n\n  long_name=2 ; note\n; about c\n  c=3\n\n',
    ],
    [
      'adds a key in the style of the others',
      (root) => section(root, 1).push(entry('n', 'a;b')),
      '; top\n[s]\n  a=1\n\n  long_name=2 ; note\n; about c\n  c=3\n  n=`a;b`\n\n\n[t]\nx : y\n',
    ],
    ['adds a key with the delimiter of the others', (root) => section(root, 2).push(entry('n', 'v')), `${text}n : v\n`],
    [
      'adds a section behind the one before it',
      (root) => root.items.splice(2, 0, entry('n', map(entry('k', 'v')))),
      '; top\n[s]\n  a=1\n\n  long_name=2 ; note\n; about c\n  c=3\n\n[n]\nk = v\n\n\n[t]\nx : y\n',
    ],
    [
      'adds a section at the end',
      (root) => root.items.push(entry('n', map(comment('c'), entry('k', 'v')))),
      `${text}\n; c\n[n]\nk = v\n`,
    ],
    ['adds a key in front of the first section', (root) => section(root, 0).push(entry('n', 'v')), `n = v\n\n${text}`],
    [
      'changes a value and nothing around it',
      (root) => void ((section(root, 1)[2] as Entry).value = { kind: 'leaf', value: ' new' }),
      text.replace('=2 ;', '=" new" ;'),
    ],
    [
      'empties a value',
      (root) => void ((section(root, 2)[0] as Entry).value = { kind: 'leaf', value: '' }),
      text.replace('x : y', 'x : '),
    ],
    [
      'renames a section',
      (root) => void ((root.items[2] as Entry).key = 'u'),
      text.replace('\n\n\n[t]\nx : y\n', '\n\n[u]\nx = y\n\n'),
    ],
  ])('%s', (_, edit, expected) => {
    const tree = iniFormat.parse(text, 'plain');
    edit(tree.documents[0] as MapNode);
    expect(iniFormat.emit(tree, { form: 'plain' })).toBe(expected);
  });

  function section(root: MapNode, index: number): MapNode['items'] {
    return ((root.items[index] as Entry).value as MapNode).items;
  }

  it.each([
    ['user = app\npass = x\n', 'port = new\n'],
    ['longer   = app\npass     = x\n', 'port     = new\n'],
    ['longer = app\npass = x\n', 'port = new\n'],
    ['k=v\n', 'port=new\n'],
    ['\tk\t=\tv\n', '\tport =\tnew\n'],
    ['k =\n', 'port = new\n'],
  ])('aligns a key that is added to %j', (lines, added) => {
    const tree = iniFormat.parse(`[s]\n${lines}`, 'plain');
    section(tree.documents[0] as MapNode, 1).push(entry('port', 'new'));
    expect(iniFormat.emit(tree, { form: 'plain' })).toBe(`[s]\n${lines}${added}`);
  });

  it('keeps the name of a numbered key when one before it is removed', () => {
    const tree = iniFormat.parse('- = a\n-  = b\n- = c\n', 'plain');
    section(tree.documents[0] as MapNode, 0).splice(1, 1);
    expect(iniFormat.emit(tree, { form: 'plain' })).toBe('- = a\n`#3` = c\n');
    expect(iniFormat.emit(tree, { form: 'plain', indent: 0 })).toBe('-    = a\n`#3` = c\n');
  });

  it('reads and writes two hundred thousand keys and comments', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `# c${index}\nk${index} = "v" ; in\n`).join('');
    const { text: encrypted, register } = encrypt(iniFormat, many);
    expect(decrypt(iniFormat, encrypted, register)).toBe(many);
  });
});
