export { createClient, type Client, type ClientOptions, type Listings } from './create-client.ts';
export type { AccountInfo } from './account/account.ts';
export { s3ClientConfig, type S3ClientConfig, type S3ClientOptions } from './account/s3-client-config.ts';
export type {
  Api,
  DownloadFields,
  ExtensionFields,
  JsonFields,
  Method,
  MethodName,
  UploadFields,
} from './calls/api-types.ts';
export type { CallOptions } from './calls/call-context.ts';
export type { AskedRange, DownloadAnswer, DownloadCallOptions } from './calls/download-call.ts';
export {
  ClientError,
  localErrorCodes,
  type ClientErrorCode,
  type ClientErrorDetails,
  type LocalErrorCode,
} from './errors/client-error.ts';
export {
  customerKeyIdInfo,
  sseB2,
  sseC,
  type CustomerKeyEncryption,
  type FileEncryption,
  type ServerKeyEncryption,
} from './encryption/file-encryption.ts';
export { CustomerKeyRing } from './encryption/customer-key-ring.ts';
export type { RetryOptions } from './retries/retry-policy.ts';
export type { Timing } from './retries/timing.ts';
export type { Fetch } from './transport/transport.ts';
export type { CopyOptions } from './files/copy.ts';
export type { Download, DownloadOptions, DownloadSource } from './files/download.ts';
export type { Progress } from './files/files-context.ts';
export type { StoredFile } from './files/finish-large-file.ts';
export { largeFileSha1Info, type BegunLargeFile, type UploadOptions } from './files/upload.ts';
export type { ReadingKeys } from './files/with-keys.ts';
export type { UploadBody, UploadData } from './sources/upload-source.ts';
export type { ReencryptOptions, ReencryptProgress } from './reencryption/reencrypt.ts';
export { reencryptedFromInfo } from './reencryption/version-stack.ts';
