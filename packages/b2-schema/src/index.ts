export { apiVersions, parseApiVersion, type ApiVersion } from './api-version.ts';
export { b2ErrorCodes, isB2ErrorCode, statusOf, type B2ErrorCode } from './error-codes.ts';
export {
  capabilities,
  capabilityNames,
  isAllowedOnBucketKey,
  isCapability,
  type Capability,
  type CapabilityFacts,
} from './capability.ts';
export * from './limits.ts';
export { decodePercent, encodePercent } from './percent-encoding.ts';
export { bucketNameProblem } from './bucket-name.ts';
export { fileNameProblem } from './file-name.ts';
export {
  dataLength,
  parseContentSha1,
  printContentSha1,
  printStoredSha1,
  trailingSha1Length,
  type ContentSha1,
} from './content-sha1.ts';
export {
  isAccountId,
  isApplicationKeyId,
  isBucketId,
  parseAccountId,
  parseApplicationKeyId,
  parseBucketId,
  type AccountId,
  type ApplicationKeyId,
  type BucketId,
  type FileId,
} from './ids.ts';
export { formatFileId, isFileId, parseFileId, type FileIdKind, type FileIdParts } from './file-id.ts';
export {
  fileInfoHeaderPrefix,
  fileInfoKeyProblem,
  fileInfoProblem,
  fileInfoSize,
  fileInfoSizeLimit,
  readFileInfo,
  type FileInfo,
} from './file-info.ts';
export {
  isSpecialFileInfoKey,
  isValidSpecialFileInfo,
  specialFileInfoHeaders,
  type SpecialFileInfoKey,
} from './special-file-info.ts';
export { bucketInfoField, cacheControlBucketInfoKey } from './bucket-info.ts';
export { bucketTypeField, wireBucketType, type BucketType, type WireBucketType } from './bucket-type.ts';
export {
  corsOperations,
  corsRule,
  corsRulesField,
  printCorsRule,
  type CorsOperation,
  type CorsRule,
} from './cors-rule.ts';
export { matchCorsRule, parseRequestedHeaders, type CorsRequest, type CorsRuleFacts } from './cors-match.ts';
export { answerHeaders, preflightHeaders, varyByOrigin } from './cors-answer.ts';
export { lifecycleRule, lifecycleRulesField, printLifecycleRule, type LifecycleRule } from './lifecycle-rule.ts';
export {
  defaultRetentionField,
  fileRetentionField,
  legalHoldField,
  retentionModes,
  retentionPeriod,
  type DefaultRetention,
  type FileRetention,
  type LegalHold,
  type RetentionMode,
  type RetentionPeriod,
} from './file-lock.ts';
export {
  printReplication,
  replicationField,
  replicationRule,
  type ReplicationConfiguration,
  type ReplicationRule,
} from './replication.ts';
export {
  coversEventType,
  eventTypesCovered,
  notificationEventTypes,
  type NotificationEventType,
} from './notification-event-type.ts';
export type { NotificationTarget } from './notification-target.ts';
export {
  notificationRule,
  notificationRulesField,
  wireNotificationRule,
  wireNotificationRules,
  type NotificationRule,
  type WireNotificationRule,
} from './notification-rule.ts';
export {
  notificationSignatureHeader,
  wireNotification,
  wireNotificationEvent,
  type WireNotificationEvent,
} from './wire-notification.ts';
export { isAutomaticContentType, type InclusiveRange } from './fields.ts';
export { printJson, printJsonInPieces } from './print-json.ts';
export { wireBucket, wireOptions, type WireBucket } from './wire-bucket.ts';
export {
  hideMarkerContent,
  largeFileSha1,
  wireFile,
  wireFileVersion,
  wireFolder,
  wireHideMarker,
  wireStartedFile,
  wireStoredFile,
  type WireFile,
  type WireFileVersion,
  type WireFolder,
  type WireHideMarker,
  type WireStartedFile,
  type WireStoredFile,
} from './wire-file.ts';
export { printListedFile } from './listed-file.ts';
export { wirePart, type WirePart } from './wire-part.ts';
export {
  canShowKey,
  printKeyV3,
  wireKey,
  wireKeyV3,
  wireNewKey,
  wireNewKeyV3,
  type WireKey,
  type WireKeyV3,
} from './wire-key.ts';
export {
  authorizeResponse,
  authorizeResponseV1,
  authorizeResponseV2,
  authorizeResponseV3,
  printAuthorization,
  type WireAuthorization,
  type WireAuthorizationV1,
  type WireAuthorizationV2,
  type WireAuthorizationV3,
} from './wire-authorization.ts';
export type { HeaderRequest, RequestProblem, RequestResult } from './header-request.ts';
export { uploadFileHeaders, type UploadFileRequest } from './upload-file-headers.ts';
export { uploadPartHeaders, type UploadPartRequest } from './upload-part-headers.ts';
export {
  downloadHeaders,
  mergeDownloadEncryption,
  overrideHeaders,
  overrideNames,
  parseDownloadPath,
  type DownloadHeaders,
  type OverrideName,
} from './download-request.ts';
export type {
  Authorization,
  CopyDestination,
  DownloadRow,
  FieldCapability,
  JsonRow,
  OperationRow,
  Scope,
  UploadRow,
} from './operation-row.ts';
export {
  isOperationName,
  operationNames,
  operations,
  responseSchema,
  type AnsweringName,
  type OperationName,
  type OperationNameOf,
  type Operations,
  type ParsedResponseOf,
  type RequestOf,
  type RequestOfRow,
  type ResponseOf,
  type ResponseSchemaOf,
} from './operations.ts';
export { parseRequest, printRequest, wipeRequest, type FieldRow } from './parse-request.ts';
export { fromQuery, tokenParameter } from './from-query.ts';
