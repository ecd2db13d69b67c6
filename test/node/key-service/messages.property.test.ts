import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MasterKey } from '../../../src/core/keys/master-key.ts';
import {
  decodeStatusText,
  encodeStatusText,
  frameMessage,
  MessageReader,
} from '../../../src/node/key-service/grpc-message.ts';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../../src/node/key-service/messages.ts';
import { ProtobufError } from '../../../src/node/key-service/protobuf.ts';

const text = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 200 });
const key: fc.Arbitrary<MasterKey> = fc.oneof(
  text.map((recipient): MasterKey => ({ type: 'age', fields: { recipient }, enc: '' })),
  fc
    .tuple(text, text, text)
    .map(
      ([vault_url, name, version]): MasterKey => ({ type: 'azure_kv', fields: { vault_url, name, version }, enc: '' }),
    ),
  fc.tuple(text, text, fc.dictionary(text, text, { minKeys: 1 }), text).map(
    ([arn, role, context, aws_profile]): MasterKey => ({
      type: 'kms',
      fields: { arn, role, context, aws_profile },
      enc: '',
    }),
  ),
);

test('a request is read as it was written', () => {
  fc.assert(
    fc.property(key, fc.uint8Array({ maxLength: 300 }), (sent, bytes) => {
      const request = decodeRequest(encodeRequest(sent, bytes));
      expect({ ...request, bytes: Uint8Array.from(request.bytes) }).toEqual({ key: sent, bytes });
    }),
  );
});

test('a response is read as it was written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Uint8Array.from(decodeResponse(encodeResponse(bytes)))).toEqual(bytes);
    }),
  );
});

test('any bytes are a request or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeRequest(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }),
  );
});

test('a message is read whatever chunks it comes in', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (message, sizes) => {
        const reader = new MessageReader();
        let rest = frameMessage(message);
        while (rest.length > 0) {
          const size = Number(sizes.next().value);
          expect(reader.push(rest.subarray(0, size))).toBe(true);
          rest = rest.subarray(size);
        }
        expect(Uint8Array.from(reader.end())).toEqual(message);
      },
    ),
  );
});

test('a status text crosses as printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-composite' }), (status) => {
      const encoded = encodeStatusText(status);
      expect(encoded).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeStatusText(encoded)).toBe(Buffer.from(status).toString());
    }),
  );
});
