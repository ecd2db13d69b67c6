/**
 * The part of the protobuf wire format that the key service's messages need: every field of theirs is length-delimited
 * (strings, bytes, messages). Source: "Encoding" of the Protocol Buffers documentation.
 */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Bytes that are no protobuf message, or text in them that is not UTF-8. */
export class ProtobufError extends Error {
  override readonly name: string = 'ProtobufError';
}

export interface ProtobufField {
  readonly number: number;
  readonly content: Uint8Array;
}

/** One length-delimited field. */
export function encodeField(number: number, content: Uint8Array): Uint8Array {
  const head = [...varint(number * 8 + LENGTH_DELIMITED), ...varint(content.length)];
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}

/** A string field; nothing for the empty string, which is its default. */
export function encodeTextField(number: number, text: string): Uint8Array {
  return text === '' ? new Uint8Array() : encodeField(number, new TextEncoder().encode(text));
}

/** The length-delimited fields of a message, in order; fields of other wire types are passed over. @throws ProtobufError */
export function decodeFields(message: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let position = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = message[position++];
      if (byte === undefined) throw invalidWire();
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw invalidWire();
  };
  while (position < message.length) {
    const tag = next();
    const number = Math.floor(tag / 8);
    if (number === 0 || tag >= 2 ** 32) throw invalidWire();
    let length = 0;
    if (tag % 8 === VARINT) next();
    else if (tag % 8 === FIXED64) length = 8;
    else if (tag % 8 === FIXED32) length = 4;
    else if (tag % 8 === LENGTH_DELIMITED) length = next();
    else throw invalidWire();
    if (length > message.length - position) throw invalidWire();
    if (tag % 8 === LENGTH_DELIMITED) fields.push({ number, content: message.subarray(position, position + length) });
    position += length;
  }
  return fields;
}

/** The last field of that number counts. Undefined when there is none. */
export function findField(fields: readonly ProtobufField[], number: number): Uint8Array | undefined {
  return fields.findLast((field) => field.number === number)?.content;
}

/** The text of the last field of that number; empty when there is none. @throws ProtobufError */
export function textOfField(fields: readonly ProtobufField[], number: number): string {
  const content = findField(fields, number) ?? new Uint8Array();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new ProtobufError('string field contains invalid UTF-8');
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

function invalidWire(): ProtobufError {
  return new ProtobufError('proto: cannot parse invalid wire-format data');
}
