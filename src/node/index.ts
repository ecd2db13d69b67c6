export { nodeCrypto } from './crypto.ts';
export type { DecryptFileOptions, EncryptFileOptions, FileOptions } from './library.ts';
export {
  decryptFile,
  decryptFileToBytes,
  decryptFileToData,
  encryptFile,
  localKeyService,
} from './library.ts';
