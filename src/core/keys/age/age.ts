/** The age operations that differ between platforms. Each implementation gives and takes the same files. */
export interface Age {
  /**
   * Encrypts to one native (`age1…`) or post-quantum (`age1pq1…`) recipient.
   *
   * @returns a binary age file with one stanza
   * @throws AgeError, SopsError `invalid-key`
   */
  encrypt(plaintext: Uint8Array, recipient: string): Promise<Uint8Array>;
  /**
   * Decrypts a binary age file with the first native or post-quantum identity that fits.
   *
   * @throws AgeError
   */
  decrypt(file: Uint8Array, identities: readonly string[]): Promise<Uint8Array>;
  /** Decrypts a binary age file that is protected by a passphrase. @throws AgeError */
  decryptWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array>;
  /** Gives the recipient of a native or post-quantum identity. @throws AgeError */
  recipientOf(identity: string): Promise<string>;
}
