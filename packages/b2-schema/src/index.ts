export { apiVersions, parseApiVersion, type ApiVersion } from './values/api-version.ts';
export { b2ErrorCodes, isB2ErrorCode, mayAnswer, statusOf, type B2ErrorCode } from './values/error-codes.ts';
export {
  capabilities,
  capabilityNames,
  isAllowedOnBucketKey,
  isCapability,
  type Capability,
  type CapabilityFacts,
} from './values/capability.ts';
export * from './values/limits.ts';
export { decodePercent, encodePercent } from './values/percent-encoding.ts';
export { headerMetadataSize } from './values/metadata-size.ts';
export { bucketNameProblem, isPossibleBucketName } from './values/bucket-name.ts';
export { fileNameProblem } from './values/file-name.ts';
export {
  dataLength,
  parseContentSha1,
  printContentSha1,
  printStoredSha1,
  trailingSha1Length,
  type ContentSha1,
} from './values/content-sha1.ts';
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
} from './values/ids.ts';
export { formatFileId, isFileId, parseFileId, type FileIdKind, type FileIdParts } from './values/file-id.ts';
export {
  fileInfoHeaderPrefix,
  fileInfoKeyProblem,
  fileInfoProblem,
  fileInfoSize,
  fileInfoSizeLimit,
  readFileInfo,
  type FileInfo,
} from './values/file-info.ts';
export {
  isSpecialFileInfoKey,
  isValidSpecialFileInfo,
  specialFileInfoHeaders,
  type SpecialFileInfoKey,
} from './values/special-file-info.ts';
export { bucketInfoField, cacheControlBucketInfoKey } from './values/bucket-info.ts';
export { bucketTypeField, wireBucketType, type BucketType, type WireBucketType } from './values/bucket-type.ts';
export {
  corsOperations,
  corsRule,
  corsRulesField,
  printCorsRule,
  type CorsOperation,
  type CorsRule,
} from './settings/cors-rule.ts';
export {
  lifecycleRule,
  lifecycleRulesField,
  printLifecycleRule,
  type LifecycleRule,
} from './settings/lifecycle-rule.ts';
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
} from './settings/file-lock.ts';
export {
  printReplication,
  replicationField,
  replicationRule,
  type ReplicationConfiguration,
  type ReplicationRule,
} from './settings/replication.ts';
export {
  coversEventType,
  eventTypesCovered,
  notificationEventTypes,
  type NotificationEventType,
} from './settings/notification-event-type.ts';
export type { NotificationTarget } from './settings/notification-target.ts';
export {
  notificationRule,
  notificationRulesField,
  wireNotificationRule,
  wireNotificationRules,
  type NotificationRule,
  type WireNotificationRule,
} from './settings/notification-rule.ts';
export {
  notificationSignatureHeader,
  wireNotification,
  wireNotificationEvent,
  type WireNotificationEvent,
} from './responses/wire-notification.ts';
export {
  bucketIdField,
  fileIdField,
  fileNameField,
  isAutomaticContentType,
  nameBoundField,
  type InclusiveRange,
} from './values/fields.ts';
export { wireBucketId, wireFileId } from './values/wire-ids.ts';
export { listCountField } from './values/list-count.ts';
export { printJson, printJsonInPieces } from './responses/print-json.ts';
export { wireBucket, wireOptions, type WireBucket } from './responses/wire-bucket.ts';
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
} from './responses/wire-file.ts';
export { parseDownloadResponse, type DownloadedFile } from './responses/download-response.ts';
export { printListedFile } from './responses/listed-file.ts';
export { wirePart, type WirePart } from './responses/wire-part.ts';
export {
  canShowKey,
  printKeyV3,
  wireKey,
  wireKeyV3,
  wireNewKey,
  wireNewKeyV3,
  type WireKey,
  type WireKeyV3,
} from './responses/wire-key.ts';
export {
  authorizeResponse,
  authorizeResponseV1,
  authorizeResponseV2,
  authorizeResponseV3,
  printAuthorization,
  readAuthorization,
  type Authorized,
  type WireAuthorization,
  type WireAuthorizationV1,
  type WireAuthorizationV2,
  type WireAuthorizationV3,
} from './responses/wire-authorization.ts';
export type { HeaderRequest, RequestProblem, RequestResult } from './requests/header-request.ts';
export {
  uploadFileHeaders,
  uploadPartHeaders,
  type UploadFileRequest,
  type UploadPartRequest,
} from './requests/upload-headers.ts';
export {
  downloadHeaders,
  mergeDownloadEncryption,
  overrideHeaders,
  overrideNames,
  parseDownloadPath,
  printDownloadPath,
  type DownloadHeaders,
  type OverrideName,
} from './requests/download-request.ts';
export {
  extensionRoot,
  type ExtensionAuthorization,
  type ExtensionName,
  type ExtensionRequestOf,
  type ExtensionResponseOf,
  type ExtensionRow,
  type FieldRow,
  type ParsedExtensionResponseOf,
} from './requests/extension-row.ts';
export { jsonMethods } from './requests/operation-row.ts';
export type {
  Authorization,
  CopyDestination,
  DownloadRow,
  FieldCapability,
  JsonRow,
  OperationRow,
  Scope,
  UploadRow,
} from './requests/operation-row.ts';
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
} from './operations/operations.ts';
export { parseRequest, printRequest, wipeRequest } from './requests/parse-request.ts';
export { printFields, type FieldsOf } from './requests/print-fields.ts';
export { fromQuery, tokenParameter } from './requests/from-query.ts';
export { toQuery } from './requests/to-query.ts';
