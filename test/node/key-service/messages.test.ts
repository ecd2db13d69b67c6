import { describe, expect, test } from 'vitest';
import type { MasterKey } from '../../../src/core/keys/master-key.ts';
import {
  decodeRequest,
  decodeResponse,
  encOf,
  encodeRequest,
  encodeResponse,
} from '../../../src/node/key-service/messages.ts';
import { ProtobufError } from '../../../src/node/key-service/protobuf.ts';

/** Keys and their wire form after upstream's `keyservice.proto`, fields in the order of their numbers. */
const REQUESTS: { key: MasterKey; bytes: string; wire: string }[] = [
  {
    key: { type: 'age', fields: { recipient: 'age1x' }, enc: '' },
    bytes: 'key',
    wire: '0a0932070a056167653178' + '12036b6579',
  },
  {
    key: { type: 'pgp', fields: { fp: 'ABCD' }, enc: '' },
    bytes: 'key',
    wire: '0a0812060a0441424344' + '12036b6579',
  },
  {
    key: { type: 'gcp_kms', fields: { resource_id: 'r' }, enc: '' },
    bytes: 'key',
    wire: '0a051a030a0172' + '12036b6579',
  },
  {
    key: { type: 'hckms', fields: { key_id: 'r:u' }, enc: '' },
    bytes: 'key',
    wire: '0a073a050a03723a75' + '12036b6579',
  },
  {
    key: { type: 'azure_kv', fields: { vault_url: 'u', name: 'n', version: 'v' }, enc: '' },
    bytes: 'key',
    wire: '0a0b22090a017512016e1a0176' + '12036b6579',
  },
  {
    key: { type: 'hc_vault', fields: { vault_address: 'a', engine_path: 'e', key_name: 'k' }, enc: '' },
    bytes: 'key',
    wire: '0a0b2a090a01611201651a016b' + '12036b6579',
  },
  {
    key: { type: 'kms', fields: { arn: 'a', role: 'r', context: { k: 'v' }, aws_profile: 'p' }, enc: '' },
    bytes: 'key',
    wire: '0a130a110a01611201721a060a016b12017622' + '0170' + '12036b6579',
  },
];

describe('requests', () => {
  test.each(REQUESTS)('a $key.type key is its member of the oneof', ({ key, bytes, wire }) => {
    expect(Buffer.from(encodeRequest(key, Buffer.from(bytes))).toString('hex')).toBe(wire);
    expect(decodeRequest(Buffer.from(wire, 'hex'))).toEqual({ key, bytes: Buffer.from(bytes) });
  });

  test('empty strings are not on the wire, and come back as the empty fields of the key', () => {
    const key: MasterKey = { type: 'kms', fields: { arn: 'a', aws_profile: '' }, enc: '' };
    expect(Buffer.from(encodeRequest(key, new Uint8Array())).toString('hex')).toBe('0a050a030a0161');
    expect(decodeRequest(Buffer.from('0a050a030a0161', 'hex'))).toEqual({ key, bytes: new Uint8Array() });
  });

  test('a key without fields still names its type', () => {
    expect(decodeRequest(Buffer.from('0a023200', 'hex')).key).toEqual({
      type: 'age',
      fields: { recipient: '' },
      enc: '',
    });
  });

  test.each([
    ['no key at all', ''],
    ['an empty key', '0a00'],
    ['a key of an unknown type', '0a025200'],
  ])('%s is an undefined key', (_name, wire) => {
    expect(decodeRequest(Buffer.from(wire, 'hex')).key).toBeUndefined();
  });

  test('unknown fields of every wire type are passed over', () => {
    const unknown = '9a0100' + 'a00101' + 'a9010000000000000000' + 'b50100000000';
    expect(decodeRequest(Buffer.from(`${unknown}0a0932070a056167653178`, 'hex')).key?.fields).toEqual({
      recipient: 'age1x',
    });
  });

  test.each([
    ['a field that is cut off', '0a05'],
    ['a length that is cut off', '0a'],
    ['a varint of more than ten bytes', 'ffffffffffffffffffffff'],
    ['field number zero', '0200'],
    ['a group', '0b'],
    ['text that is not UTF-8', '0a0532030a01ff'],
  ])('%s is refused', (_name, wire) => {
    expect(() => decodeRequest(Buffer.from(wire, 'hex'))).toThrow(ProtobufError);
  });
});

describe('responses', () => {
  test('the bytes are field 1', () => {
    expect(Buffer.from(encodeResponse(Buffer.from('key'))).toString('hex')).toBe('0a036b6579');
    expect(decodeResponse(Buffer.from('0a036b6579', 'hex'))).toEqual(Buffer.from('key'));
  });

  test('no bytes are no field', () => {
    expect(encodeResponse(new Uint8Array())).toEqual(new Uint8Array());
    expect(decodeResponse(new Uint8Array())).toEqual(new Uint8Array());
  });

  test('a length of several bytes is a varint', () => {
    expect(
      Buffer.from(encodeResponse(new Uint8Array(300)))
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('0aac02');
    expect(decodeResponse(encodeResponse(new Uint8Array(300)))).toEqual(new Uint8Array(300));
  });

  test('a wrapped key that is not UTF-8 is refused', () => {
    expect(encOf(Buffer.from('vault:v1:ä'))).toBe('vault:v1:ä');
    expect(() => encOf(Uint8Array.of(0xff))).toThrow(ProtobufError);
  });
});
