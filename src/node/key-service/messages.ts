/**
 * The messages of the key service. Upstream 3.13.3: `keyservice/keyservice.proto`.
 *
 * A request is a key (field 1, a message with one member set, by key type) and bytes (field 2): the data key to wrap, or the
 * text of a key's `enc`. A response is those bytes the other way round (field 1).
 */
import type { KeyTypeName, MasterKey } from '../../core/keys/master-key.ts';
import type { ProtobufField } from './protobuf.ts';
import { decodeFields, encodeField, encodeTextField, findField, ProtobufError, textOfField } from './protobuf.ts';

const REQUEST_KEY = 1;
const REQUEST_BYTES = 2;
const RESPONSE_BYTES = 1;

interface KeyMessage {
  readonly type: KeyTypeName;
  /** The member of the oneof. */
  readonly member: number;
  /** The key's fields; the first has number 1. */
  readonly fields: readonly KeyMessageField[];
}

interface KeyMessageField {
  readonly name: string;
  /** A map of texts. */
  readonly isMap?: boolean;
  /** Not set on the key when it is empty. */
  readonly isOptional?: boolean;
}

const KEY_MESSAGES: readonly KeyMessage[] = [
  {
    type: 'kms',
    member: 1,
    fields: [
      { name: 'arn' },
      { name: 'role', isOptional: true },
      { name: 'context', isMap: true, isOptional: true },
      { name: 'aws_profile' },
    ],
  },
  { type: 'pgp', member: 2, fields: [{ name: 'fp' }] },
  { type: 'gcp_kms', member: 3, fields: [{ name: 'resource_id' }] },
  { type: 'azure_kv', member: 4, fields: [{ name: 'vault_url' }, { name: 'name' }, { name: 'version' }] },
  { type: 'hc_vault', member: 5, fields: [{ name: 'vault_address' }, { name: 'engine_path' }, { name: 'key_name' }] },
  { type: 'age', member: 6, fields: [{ name: 'recipient' }] },
  { type: 'hckms', member: 7, fields: [{ name: 'key_id' }] },
];

const byType = new Map(KEY_MESSAGES.map((message) => [message.type, message]));
const byMember = new Map(KEY_MESSAGES.map((message) => [message.member, message]));

export interface KeyRequest {
  /** Undefined when the request has none, or one of a type that nobody knows. */
  readonly key: MasterKey | undefined;
  readonly bytes: Uint8Array;
}

/** Encodes a request: the key's type and names, and the bytes. `enc` and `createdAt` stay here. */
export function encodeRequest(key: MasterKey, bytes: Uint8Array): Uint8Array {
  const message = byType.get(key.type);
  if (message === undefined) throw new TypeError(`unknown key type ${key.type}`);
  const fields = message.fields.map(({ name }, index) => encodeKeyField(index + 1, key.fields[name]));
  const keyMessage = encodeField(message.member, Buffer.concat(fields));
  return Buffer.concat([encodeField(REQUEST_KEY, keyMessage), encodeBytes(REQUEST_BYTES, bytes)]);
}

/** @throws ProtobufError */
export function decodeRequest(request: Uint8Array): KeyRequest {
  const fields = decodeFields(request);
  const key = findField(fields, REQUEST_KEY);
  return {
    key: key === undefined ? undefined : decodeKey(key),
    bytes: findField(fields, REQUEST_BYTES) ?? new Uint8Array(),
  };
}

export function encodeResponse(bytes: Uint8Array): Uint8Array {
  return encodeBytes(RESPONSE_BYTES, bytes);
}

/** @throws ProtobufError */
export function decodeResponse(response: Uint8Array): Uint8Array {
  return findField(decodeFields(response), RESPONSE_BYTES) ?? new Uint8Array();
}

function encodeBytes(number: number, bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? bytes : encodeField(number, bytes);
}

function encodeKeyField(number: number, value: MasterKey['fields'][string] | undefined): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (typeof value === 'string') return encodeTextField(number, value);
  const entries = Object.entries(value).map(([name, text]) =>
    encodeField(number, Buffer.concat([encodeTextField(1, name), encodeTextField(2, text)])),
  );
  return Buffer.concat(entries);
}

/** Of several members the last counts. */
function decodeKey(bytes: Uint8Array): MasterKey | undefined {
  const member = decodeFields(bytes).findLast(({ number }) => byMember.has(number));
  const message = member === undefined ? undefined : byMember.get(member.number);
  if (member === undefined || message === undefined) return undefined;
  const content = decodeFields(member.content);
  const fields: Record<string, string | Record<string, string>> = {};
  for (const [index, { name, isMap, isOptional }] of message.fields.entries()) {
    const value = isMap ? decodeMap(content, index + 1) : textOfField(content, index + 1);
    const isEmpty = typeof value === 'string' ? value === '' : Object.keys(value).length === 0;
    if (!(isOptional && isEmpty)) fields[name] = value;
  }
  return { type: message.type, fields, enc: '' };
}

function decodeMap(fields: readonly ProtobufField[], number: number): Record<string, string> {
  const entries = fields.filter((field) => field.number === number).map(({ content }) => decodeFields(content));
  return Object.fromEntries(entries.map((entry) => [textOfField(entry, 1), textOfField(entry, 2)]));
}

/** The text of a key's `enc` from a message's bytes. @throws ProtobufError when it is not UTF-8 */
export function encOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtobufError('the wrapped data key is not UTF-8');
  }
}
