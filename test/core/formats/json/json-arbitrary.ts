import fc from 'fast-check';

const number = fc.oneof(
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0))
    .map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom(
    '1.0',
    '1E5',
    '1e+5',
    '12345678901234567890',
    '1e21',
    '1000000000000000000000',
    '0.0000001',
    '1e-7',
    '123.4500',
    '0e5',
  ),
);

const spelledCharacter = fc.constantFrom(
  ...['a', 'é', '😀', '<', '>', '&', '\u2028', '/', '\u007f', ' ', '\\n', '\\/', '\\u00e9', '\\u00E9', '\\u00aB'],
  ...['\\ud83d\\ude00', '\\uD83D\\ude0A', '\\"', '\\\\', '\\b', '\\u0008', '\\u000A', '\\u003C'],
);

const string = fc.oneof(
  fc.array(spelledCharacter, { maxLength: 8 }).map((parts) => `"${parts.join('')}"`),
  fc.string().map((text) => JSON.stringify(text)),
);

export const jsonSpace = fc.constantFrom('', '', ' ', '\n', '\r\n\t', '  ', '\n\n  ');

/** Texts of JSON objects in any layout and spelling. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(
    jsonSpace,
    fc.letrec<{ value: string; object: string; list: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        number,
        string,
        fc.constantFrom('true', 'false', 'null'),
        tie('list'),
        tie('object'),
      ),
      list: fc
        .tuple(jsonSpace, fc.array(fc.tuple(tie('value'), jsonSpace), { maxLength: 4 }))
        .map(([space, items]) => `[${space}${items.map((item) => item.join('')).join(`,${space}`)}]`),
      object: fc
        .tuple(jsonSpace, fc.array(fc.tuple(string, jsonSpace, tie('value'), jsonSpace), { maxLength: 4 }))
        .map(([space, items]) => {
          const entries = items.map(([key, before, value, after]) => `${key}${before}:${space}${value}${after}`);
          return `{${space}${entries.join(`,${space}`)}}`;
        }),
    })).object,
    jsonSpace,
  )
  .map((parts) => parts.join(''))
  // A key of that name at the root is the metadata's.
  .filter((text) => !text.includes('sops'));
