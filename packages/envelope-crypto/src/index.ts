export type { GlobalKeyInfo, GlobalKeyState, KeyProvider, MacPurpose } from './key-provider.ts';
export { EnvelopeError, type EnvelopeErrorCode } from './envelope-error.ts';
export { generateFileKey } from './file-key.ts';
export {
  WRAPPED_KEY_LENGTH,
  unwrapFileKeyForCustomer,
  unwrapFileKeyForServer,
  wrapFileKeyForCustomer,
  wrapFileKeyForServer,
  type FileKeyContext,
} from './wrapped-key.ts';
export { openSecret, sealSecret, type SealedSecretKind } from './sealed-secret.ts';
export { VERIFIER_LENGTH, checkCustomerKey, makeCustomerKeyVerifier } from './customer-key-verifier.ts';
export type { BlobContext } from './blob-context.ts';
export { sealBlob, sealBlobBytes, type SealOptions, type SealedBlob } from './seal-blob.ts';
export {
  openBlob,
  openBlobBytes,
  openBlobRange,
  type BlobSource,
  type ExpectedBlob,
  type OpenOptions,
} from './open-blob.ts';
export {
  HEADER_LENGTH,
  MAX_PLAINTEXT_LENGTH,
  ciphertextLength,
  ciphertextRange,
  commitmentIn,
  plaintextLengthOf,
} from './blob-layout.ts';
export type {
  ChecksumAlgorithm,
  EncryptionMode,
  EncryptionRecord,
  RecordedAction,
  RecordedChecksums,
  RecordedFurtherChecksum,
  RecordedRetention,
  SealedPart,
} from './encryption-record.ts';
export { decodeEncryptionRecord, encodeEncryptionRecord } from './record-encoding.ts';
export { sealEncryptionRecord, verifyEncryptionRecord } from './record-seal.ts';
export { accessMac, verifyAccessMac, type AccessRecord, type AccessValue } from './access-record.ts';
export {
  maskChecksums,
  maskEntityTag,
  maskFurther,
  unmaskedHex,
  type ChecksumMasks,
  type ShownChecksums,
} from './checksum-masks.ts';
export {
  checkChunkKey,
  checkChunkMemory,
  checkChunkRun,
  chunkNotAuthentic,
  type ChunkEngine,
  type ChunkWorker,
} from './chunk-engine.ts';
export { typescriptEngine } from './typescript-engine.ts';
export type { KeyEngine } from './key-engine.ts';
export { typescriptKeys } from './typescript-keys.ts';
export { openXaes, sealXaes } from './xaes.ts';
export { purposeMac } from './purpose-mac.ts';
export { MemoryKeyProvider, type MemoryGlobalKey } from './memory-key-provider.ts';
