/** The test vectors of the age format (C2SP CCTV), read into what a test needs. */
import { inflateSync } from 'node:zlib';
import * as files from 'cctv-age';

export interface Vector {
  readonly name: string;
  /** `success`, or the layer that must refuse. */
  readonly expect: string;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly isArmored: boolean;
  /** SHA-256 of the payload, in hexadecimal. */
  readonly payload: string;
  readonly file: Uint8Array;
}

export const vectors: readonly Vector[] = Object.entries(files)
  .filter(([name]) => name !== 'default' && name !== 'module.exports')
  .map(([name, bytes]) => readVector(name, Buffer.from(bytes as Uint8Array)));

function readVector(name: string, bytes: Buffer): Vector {
  const end = bytes.indexOf('\n\n');
  const fields = bytes
    .subarray(0, end)
    .toString()
    .split('\n')
    .map((line) => line.split(': ') as [string, string]);
  const all = (field: string): string[] => fields.filter(([key]) => key === field).map(([, value]) => value);
  const content = bytes.subarray(end + 2);
  const [compression] = all('compressed');
  return {
    name,
    expect: all('expect')[0] ?? '',
    identities: all('identity'),
    passphrases: all('passphrase'),
    isArmored: all('armored')[0] === 'yes',
    payload: all('payload')[0] ?? '',
    file: compression === 'zlib' ? inflateSync(content) : content,
  };
}
