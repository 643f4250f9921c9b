import type * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import type { HeaderRequest } from '../requests/header-request.ts';
import type { JsonRow, OperationRow, UploadRow } from '../requests/operation-row.ts';
import { authorizeAccount } from './authorize-account.ts';
import { cancelLargeFile } from './cancel-large-file.ts';
import { copyFile } from './copy-file.ts';
import { copyPart } from './copy-part.ts';
import { createBucket } from './create-bucket.ts';
import { createKey } from './create-key.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteFileVersion } from './delete-file-version.ts';
import { deleteKey } from './delete-key.ts';
import { downloadFileById } from './download-file-by-id.ts';
import { downloadFileByName } from './download-file-by-name.ts';
import { finishLargeFile } from './finish-large-file.ts';
import { getBucketNotificationRules } from './get-bucket-notification-rules.ts';
import { getDownloadAuthorization } from './get-download-authorization.ts';
import { getFileInfo } from './get-file-info.ts';
import { getUploadPartUrl } from './get-upload-part-url.ts';
import { getUploadUrl } from './get-upload-url.ts';
import { hideFile } from './hide-file.ts';
import { listBuckets } from './list-buckets.ts';
import { listFileNames } from './list-file-names.ts';
import { listFileVersions } from './list-file-versions.ts';
import { listKeys } from './list-keys.ts';
import { listParts } from './list-parts.ts';
import { listUnfinishedLargeFiles } from './list-unfinished-large-files.ts';
import { setBucketNotificationRules } from './set-bucket-notification-rules.ts';
import { startLargeFile } from './start-large-file.ts';
import { updateBucket } from './update-bucket.ts';
import { updateFileLegalHold } from './update-file-legal-hold.ts';
import { updateFileRetention } from './update-file-retention.ts';
import { uploadFile } from './upload-file.ts';
import { uploadPart } from './upload-part.ts';

/**
 * Every operation of the B2 Native API that Coffer knows, one row each. Server, client and conformance suite are made
 * from it.
 */
export const operations = {
  b2_authorize_account: authorizeAccount,
  b2_cancel_large_file: cancelLargeFile,
  b2_copy_file: copyFile,
  b2_copy_part: copyPart,
  b2_create_bucket: createBucket,
  b2_create_key: createKey,
  b2_delete_bucket: deleteBucket,
  b2_delete_file_version: deleteFileVersion,
  b2_delete_key: deleteKey,
  b2_download_file_by_id: downloadFileById,
  b2_download_file_by_name: downloadFileByName,
  b2_finish_large_file: finishLargeFile,
  b2_get_bucket_notification_rules: getBucketNotificationRules,
  b2_get_download_authorization: getDownloadAuthorization,
  b2_get_file_info: getFileInfo,
  b2_get_upload_part_url: getUploadPartUrl,
  b2_get_upload_url: getUploadUrl,
  b2_hide_file: hideFile,
  b2_list_buckets: listBuckets,
  b2_list_file_names: listFileNames,
  b2_list_file_versions: listFileVersions,
  b2_list_keys: listKeys,
  b2_list_parts: listParts,
  b2_list_unfinished_large_files: listUnfinishedLargeFiles,
  b2_set_bucket_notification_rules: setBucketNotificationRules,
  b2_start_large_file: startLargeFile,
  b2_update_bucket: updateBucket,
  b2_update_file_legal_hold: updateFileLegalHold,
  b2_update_file_retention: updateFileRetention,
  b2_upload_file: uploadFile,
  b2_upload_part: uploadPart,
} as const satisfies { readonly [Name in `b2_${string}`]: OperationRow };

/** The type of the table, each row with its own literal types. */
export type Operations = typeof operations;
/** The name of an operation, such as `b2_list_buckets`. */
export type OperationName = keyof Operations;
/** Names of the operations of one kind. */
export type OperationNameOf<Kind extends OperationRow['kind']> = {
  [Name in OperationName]: Operations[Name]['kind'] extends Kind ? Name : never;
}[OperationName];

/** All names, in the order of the table. */
export const operationNames = Object.keys(operations) as [OperationName, ...OperationName[]];

/** Whether the table has an operation of this name. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** The values of a request, as a handler gets them. */
export type RequestOf<Name extends OperationName> = RequestOfRow<Operations[Name]>;

/** The values of a request of a row. */
export type RequestOfRow<Row extends OperationRow> = Row['request'] extends z.ZodType
  ? z.output<Row['request']>
  : Row['request'] extends HeaderRequest<infer T>
    ? T
    : never;

/** Rows that answer with JSON. */
export type AnsweringName = OperationNameOf<'json' | 'upload'>;

/** The schema of a row's response in a version. */
export type ResponseSchemaOf<Row extends JsonRow | UploadRow, Version extends ApiVersion> = Row extends {
  readonly olderResponses: infer Older;
}
  ? Version extends keyof Older
    ? Older[Version]
    : Row['response']
  : Row['response'];

/** The JSON that a handler answers with; in the newest version by default. */
export type ResponseOf<Name extends AnsweringName, Version extends ApiVersion = 'v4'> = z.input<
  ResponseSchemaOf<Operations[Name], Version>
>;

/** The same as a client reads it: ids are branded. */
export type ParsedResponseOf<Name extends AnsweringName, Version extends ApiVersion = 'v4'> = z.output<
  ResponseSchemaOf<Operations[Name], Version>
>;

/** The schema of a row's response in a version. */
export function responseSchema(row: JsonRow | UploadRow, version: ApiVersion): z.ZodType {
  const older = row.kind === 'json' ? row.olderResponses?.[version] : undefined;
  return older ?? row.response;
}
