export {
  customerKeyRequiredMessage,
  SseViolationError,
  sseViolations,
  violationMessage,
  type SseViolation,
} from './violation.ts';
export type { SseResult } from './result.ts';
export {
  algorithm,
  CustomerKey,
  customerKeyLength,
  type CustomerKeyFields,
  type CustomerKeyNames,
} from './customer-key.ts';
export {
  sameEncryption,
  sseModes,
  viewOf,
  wipeEncryption,
  type DefaultEncryption,
  type EncryptionRequest,
  type EncryptionView,
  type SseMode,
} from './settings.ts';
export { wipingRefusedKeys } from './refused-keys.ts';
export { effectiveDefault, effectiveEncryption } from './precedence.ts';
export { checkPartParameters, checkReadParameters } from './stored-rules.ts';
export { headerLines, lookupIn, type HeaderLookup, type HeaderPair, type HeaderSource } from './header-lookup.ts';
export {
  b2SseHeaders,
  parseB2DownloadHeaders,
  parseB2ResponseHeaders,
  parseB2UploadHeaders,
  printB2ResponseHeaders,
  printB2UploadHeaders,
} from './b2-headers.ts';
export {
  b2DefaultCodec,
  b2SettingCodec,
  b2SettingSchema,
  printB2Setting,
  readB2Default,
  readB2Setting,
  type B2Setting,
} from './b2-json.ts';
export {
  b2ViewCodec,
  printB2DefaultView,
  printB2View,
  readB2DefaultView,
  readB2View,
  wireDefaultEncryptionSchema,
  wireEncryptionSchema,
  type WireDefaultEncryption,
  type WireEncryption,
} from './b2-view.ts';
export { printReadable, readableSchema, type Readable } from './readable.ts';
export {
  parseS3CopySourceHeaders,
  parseS3ReadHeaders,
  parseS3WriteHeaders,
  printS3CopySourceHeaders,
  printS3ReadHeaders,
  printS3ResponseHeaders,
  printS3WriteHeaders,
  s3CopySourceSseHeaders,
  s3SseHeaders,
} from './s3-headers.ts';
export {
  parseBucketEncryptionXml,
  printBucketEncryption,
  printBucketEncryptionXml,
  readBucketEncryption,
  type BucketEncryption,
} from './s3-bucket-encryption.ts';
