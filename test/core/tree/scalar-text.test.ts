import { describe, expect, it } from 'vitest';
import { decimalText, generalText, plainText, wireText } from '../../../src/core/tree/scalar-text.ts';
import { Timestamp } from '../../../src/core/tree/timestamp.ts';

// Recorded from Go: the number, FormatFloat 'f', FormatFloat 'g', and the text in dotenv and INI.
const FLOATS: [number, string, string, string][] = [
  [0, '0', '0', '0.0'],
  [-0, '-0', '-0', '-0.0'],
  [1, '1', '1', '1.0'],
  [100000, '100000', '100000', '100000.0'],
  [999999, '999999', '999999', '999999.0'],
  [999999.5, '999999.5', '999999.5', '999999.5'],
  [1000000, '1000000', '1e+06', '1E+06'],
  [1234567.5, '1234567.5', '1.2345675e+06', '1.2345675E+06'],
  [123456789, '123456789', '1.23456789e+08', '1.23456789E+08'],
  [0.0001, '0.0001', '0.0001', '0.0001'],
  [0.00001, '0.00001', '1e-05', '1E-05'],
  [1e21, '1000000000000000000000', '1e+21', '1E+21'],
  [5e-324, `0.${'0'.repeat(323)}5`, '5e-324', '5E-324'],
  [1.7976931348623157e308, `17976931348623157${'0'.repeat(292)}`, '1.7976931348623157e+308', '1.7976931348623157E+308'],
  [Number.NaN, 'NaN', 'NaN', 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf', '+Inf', '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf', '-Inf', '-Inf'],
  [1.5e-9, '0.0000000015', '1.5e-09', '1.5E-09'],
  [-2.5e-7, '-0.00000025', '-2.5e-07', '-2.5E-07'],
  [12345678901234567890, '12345678901234567000', '1.2345678901234567e+19', '1.2345678901234567E+19'],
  [0.000123456, '0.000123456', '0.000123456', '0.000123456'],
];

describe('the texts of a scalar', () => {
  it.each(FLOATS)('writes the float %d as Go does', (value, decimal, general, plain) => {
    expect([decimalText(value), wireText(value), generalText(value), plainText(value)]).toEqual([
      decimal,
      decimal,
      general,
      plain,
    ]);
  });

  it('writes the other types as the cipher and the MAC take them', () => {
    const values = ['é', 42n, true, false, new Timestamp('2001-12-14T21:59:43.1Z'), null, new Uint8Array([0x61, 0xff])];
    expect(values.map(wireText)).toEqual(['é', '42', 'True', 'False', '2001-12-14T21:59:43.1Z', '', 'a\udcff']);
  });

  it('writes the other types as dotenv, INI and the environment have them, null as the empty text', () => {
    const values = [
      'é',
      -7n,
      true,
      false,
      new Timestamp('2001-12-14T21:59:43.1+02:00'),
      null,
      new Uint8Array([0x61, 0xff]),
    ];
    expect(values.map(plainText)).toEqual(['é', '-7', 'true', 'false', '2001-12-14T21:59:43+02:00', '', 'a\udcff']);
  });
});
