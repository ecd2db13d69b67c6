/**
 * The MAC of a file: SHA-512 over the plaintext bytes of its leaves in document order, without keys and separators, as 128
 * upper-case hexadecimal digits. Upstream: `sops.go` (`Encrypt`, `Decrypt`, `ToBytes`).
 */
import type { Crypto, Hash } from './crypto.ts';

/** What the hash starts with when it covers encrypted leaves only, so that the two kinds of MAC never agree. */
const ONLY_ENCRYPTED_START = '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69';

const BUFFER_LENGTH = 65_536;

export interface Mac {
  update(bytes: Uint8Array): void;
  /** 128 upper-case hexadecimal digits. */
  digest(): string;
}

export function createMac(crypto: Crypto, onlyEncrypted: boolean): Mac {
  const hash = crypto.sha512();
  if (onlyEncrypted) hash.update(fromHex(ONLY_ENCRYPTED_START));
  return new BufferedMac(hash);
}

/** Leaves are short and there are many: they are collected before they go to the hash. */
class BufferedMac implements Mac {
  readonly #hash: Hash;
  readonly #buffer = new Uint8Array(BUFFER_LENGTH);
  #length = 0;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(bytes: Uint8Array): void {
    if (this.#length + bytes.length > BUFFER_LENGTH) this.#flush();
    if (bytes.length > BUFFER_LENGTH) {
      this.#hash.update(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  digest(): string {
    this.#flush();
    return Array.from(this.#hash.digest(), (byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
  }

  #flush(): void {
    this.#hash.update(this.#buffer.slice(0, this.#length));
    this.#length = 0;
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}
