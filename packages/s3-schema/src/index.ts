export {
  errorDetails,
  isS3ErrorCode,
  s3ErrorCodes,
  type S3ErrorCode,
  type S3ErrorDetail,
  type S3ErrorFacts,
} from './values/error-codes.ts';
export { invalidArgument, invalidRequest, S3Error, type S3ErrorOptions } from './values/s3-error.ts';
export * from './values/limits.ts';
export { s3Capabilities, type S3Capability } from './values/capability.ts';
export { s3Headers } from './values/header-names.ts';
export { decodePercent, decodeQueryText, encodeListed, encodePath } from './values/percent-encoding.ts';
export { checkNewBucketName, isPossibleBucketName } from './values/bucket-name.ts';
export { checkObjectKey, parseObjectKey } from './values/object-key.ts';
export { splitAddress, type BaseDomain, type RequestAddress } from './values/address.ts';
export { parseCopyRange, parseCopySource, type CopyRange, type CopySource } from './values/copy-source.ts';
export { parseEtag, printEtag } from './values/etag.ts';
export { formatXmlDate, parseIsoDate } from './values/dates.ts';
export { checkVersionId, type VersionIdSyntax } from './values/version-id.ts';
export { parsePartNumber } from './values/integers.ts';
export {
  checksumAlgorithms,
  checksumNames,
  checksumTypes,
  parseChecksumAlgorithm,
  parseChecksumType,
  parseChecksumValue,
  printChecksumValue,
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumFacts,
  type ChecksumType,
} from './values/checksum.ts';
export { badContentMd5, badChecksum, checksumProblems, type ChecksumProblem } from './values/checksum-errors.ts';
export { parseContentMd5 } from './values/content-md5.ts';
export { storageClass } from './values/storage-class.ts';
export { decodeWords, encodeWord } from './values/rfc2047.ts';
export {
  checkMetadataSize,
  defaultContentType,
  metadataPrefix,
  metadataSize,
  printFileInfo,
  readFileInfo,
  storedHeaders,
  type FileInfo,
  type StoredHeader,
} from './values/metadata.ts';
export { readXmlBody, receiveXmlBody, s3Namespace } from './values/xml-reading.ts';
export { noTagsXml } from './settings/tagging.ts';
export { ownerXml, type Owner } from './settings/owner.ts';
export {
  aclXml,
  cannedAcls,
  chooseAcl,
  parseCannedAcl,
  readAcl,
  refuseGrantHeaders,
  type CannedAcl,
} from './settings/acl.ts';
export { corsMethods, corsXml, readCors, type CorsMethod, type CorsRule } from './settings/cors.ts';
export { lifecycleXml, readLifecycle, type LifecycleRule } from './settings/lifecycle.ts';
export {
  checkRetainUntil,
  legalHoldXml,
  objectLockXml,
  readLegalHold,
  readObjectLock,
  readRetention,
  retentionModes,
  retentionXml,
  type DefaultRetention,
  type LegalHold,
  type ObjectLockConfiguration,
  type Retention,
  type RetentionMode,
} from './settings/object-lock.ts';
export { readVersioning, versioningXml } from './settings/versioning.ts';
export { checkLocation, locationXml, readCreateBucket } from './settings/location.ts';
export { loggingXml, readLogging } from './settings/logging.ts';
export { readEncryption } from './settings/bucket-encryption.ts';
export { errorXml, type ErrorContext } from './responses/print-error.ts';
export { listBucketsXml, type ListBucketsResult } from './responses/list-buckets.ts';
export {
  listObjectsV2Xml,
  listObjectsXml,
  type ListedObject,
  type ListedPage,
  type ListObjectsResult,
  type ListObjectsV2Result,
} from './responses/list-objects.ts';
export { listVersionsXml, type ListedVersion, type ListVersionsResult } from './responses/list-versions.ts';
export {
  listPartsXml,
  listUploadsXml,
  type ListedPart,
  type ListedUpload,
  type ListPartsResult,
  type ListUploadsResult,
  type UploadChecksum,
} from './responses/list-uploads.ts';
export {
  completeUploadXml,
  copyObjectXml,
  copyPartXml,
  initiateUploadXml,
  postObjectXml,
  type CompleteUploadResult,
  type CopyResult,
  type InitiateUploadResult,
  type PostResult,
} from './responses/uploaded.ts';
export { deleteResultXml, type DeleteOutcome } from './responses/delete-result.ts';
export { objectAttributesXml, type ObjectAttributesResult, type ObjectParts } from './responses/object-attributes.ts';
export { objectHeaders, writtenHeaders, type ObjectView, type WrittenView } from './responses/answer-headers.ts';
export type { KeyEncoding } from './responses/elements.ts';
export { QueryParameters } from './requests/query-parameters.ts';
export type { Reader, WireSource } from './requests/wire-fields.ts';
export { checkReadQuery, overrideHeaders, type OverrideName } from './requests/object-queries.ts';
export { putObjectHeaders, type MetadataDirective, type ObjectContent } from './requests/object-headers.ts';
export type { BodyChecksum } from './requests/checksum-headers.ts';
export type { LockRequest } from './requests/lock-headers.ts';
export { failedSourceCondition, type SourceConditions, type WriteConditions } from './requests/condition-headers.ts';
export { objectAttributes, type ObjectAttribute } from './requests/attribute-headers.ts';
export { readDelete, type DeleteEntry, type DeleteRequest } from './requests/delete-objects.ts';
export { readCompleteUpload, type CompletedPart } from './requests/complete-upload.ts';
export { encryptionError } from './requests/encryption-errors.ts';
export {
  readEncryptionHeaders,
  refuseKeysInQuery,
  type EncryptionUse,
  type RequestedEncryption,
} from './requests/encryption-headers.ts';
export {
  levels,
  methods,
  payloadModes,
  type AnswerRule,
  type BodyRule,
  type CapabilityRule,
  type Given,
  type Level,
  type Method,
  type OperationRow,
  type PayloadMode,
  type RefusedRow,
  type Restriction,
  type Selector,
  type SupportedRow,
} from './requests/operation-row.ts';
export type { FormField } from './forms/form-fields.ts';
export { malformedForm, parseFormBoundary, postRedirect, readPostForm, type PostForm } from './forms/post-form.ts';
export { readMultipartForm, type FormLimits, type MultipartForm } from './forms/multipart-form.ts';
export { boundFile, type FileBounds } from './forms/file-bounds.ts';
export { checkPolicy, type SentForm } from './forms/check-policy.ts';
export {
  isSupportedName,
  s3OperationNames,
  s3Operations,
  supportedOperations,
  type DocumentOf,
  type HeadersOf,
  type QueryOf,
  type ResultOf,
  type S3OperationName,
  type S3Operations,
  type SupportedName,
} from './operations/operations.ts';
export { routes } from './operations/routes.ts';
export {
  refusedOperation,
  selectOperation,
  type Selection,
  type SelectionInput,
} from './operations/select-operation.ts';
export { neededCapabilities, type CapabilityInput } from './operations/needed-capabilities.ts';
export {
  readDocument,
  readRequest,
  receiveDocument,
  type RequestHead,
  type S3Request,
} from './operations/read-request.ts';
