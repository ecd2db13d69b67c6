/** Why age refuses a text, a key or a file. The message never holds a secret key or plaintext; it becomes part of a SopsError's. */
export class AgeError extends Error {
  override readonly name: string = 'AgeError';
}
