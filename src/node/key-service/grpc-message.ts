/**
 * Messages of gRPC over HTTP/2: a compression flag, four bytes of length, the message; and the text of `grpc-message`.
 * Source: grpc/doc/PROTOCOL-HTTP2.md.
 */
import { RpcError } from './rpc-error.ts';

const HEAD = 5;

/** What Go's gRPC accepts by default. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The message as it is sent, uncompressed. */
export function frameMessage(message: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(HEAD + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEAD);
  return frame;
}

/** Takes the only message of a stream, chunk by chunk. */
export class MessageReader {
  readonly #chunks: Uint8Array[] = [];
  #received = 0;
  #head: Buffer = Buffer.alloc(0);
  #failure: RpcError | undefined;

  /** Takes a chunk. @returns whether more may follow: false when the stream holds what is refused */
  push(chunk: Uint8Array): boolean {
    if (this.#failure !== undefined) return false;
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#head.length < HEAD) this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD - this.#head.length)]);
    if (this.#head.length < HEAD) return true;
    this.#failure = this.#problem();
    return this.#failure === undefined;
  }

  /**
   * The message, when the stream has ended.
   *
   * @throws RpcError for a compressed message, one that is too large or cut off, none, and more than one
   */
  end(): Uint8Array {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#received === 0) throw new RpcError('Internal', 'received no message');
    if (this.#head.length < HEAD || this.#received < HEAD + this.#length) {
      throw new RpcError('Internal', 'unexpected EOF');
    }
    return Buffer.concat(this.#chunks).subarray(HEAD);
  }

  #problem(): RpcError | undefined {
    if (this.#head[0] === 1) return new RpcError('Unimplemented', 'grpc: compressed messages are not supported');
    if (this.#head[0] !== 0) return new RpcError('Internal', 'grpc: received unexpected payload format');
    if (this.#length > MAX_MESSAGE_BYTES) {
      return new RpcError(
        'ResourceExhausted',
        `grpc: received message larger than max (${this.#length} vs. ${MAX_MESSAGE_BYTES})`,
      );
    }
    if (this.#received > HEAD + this.#length) return new RpcError('Internal', 'grpc: received more than one message');
    return undefined;
  }

  get #length(): number {
    return this.#head.readUInt32BE(1);
  }
}

/** The text of a `grpc-message` trailer: UTF-8, percent-encoded. */
export function encodeStatusText(text: string): string {
  const encoded = Buffer.from(text).reduce((done, byte) => done + encodeByte(byte), '');
  // nghttp2, and with it Node, drops a header that starts or ends with a blank.
  return encoded.replace(/^ | $/g, '%20');
}

/** The text back; what is no escape stands for itself. */
export function decodeStatusText(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

function encodeByte(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f && byte !== 0x25) return String.fromCharCode(byte);
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
