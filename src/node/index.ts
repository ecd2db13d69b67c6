export {
  decryptFile,
  decryptFileToBytes,
  decryptFileToData,
  encryptFile,
  localKeyService,
} from './library.ts';
export type { DecryptFileOptions, EncryptFileOptions, FileOptions } from './library.ts';
export { nodeCrypto } from './crypto.ts';
