import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { b2SettingCodec } from '@coffer/sse-schema';
import { bucketIdField, contentTypeField, copyRangeField, fileIdField, fileNameField } from '../values/fields.ts';
import { fileInfoField } from '../values/file-info.ts';
import { fileRetentionField, legalHoldField } from '../settings/file-lock.ts';
import { rule } from '../values/rule.ts';
import { wireStoredFile } from '../responses/wire-file.ts';

/**
 * B2 docs `b2_copy_file`. `metadataDirective` and its fields must fit each other; file info without entries counts as
 * none.
 */
export const copyFile = {
  name: 'b2_copy_file',
  requestType: 'CopyFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: {
    on: 'copy',
    source: 'sourceFileId',
    sourceCapability: 'readFiles',
    destination: { to: 'name', bucket: 'destinationBucketId', name: 'fileName' },
  },
  fieldCapabilities: [
    { field: 'fileRetention', capability: 'writeFileRetentions' },
    { field: 'legalHold', capability: 'writeFileLegalHolds' },
  ],
  request: z
    .strictObject({
      sourceFileId: fileIdField,
      fileName: fileNameField,
      destinationBucketId: bucketIdField.optional(),
      range: copyRangeField.optional(),
      metadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
      contentType: contentTypeField.optional(),
      fileInfo: fileInfoField.optional(),
      fileRetention: fileRetentionField.optional(),
      legalHold: legalHoldField.optional(),
      sourceServerSideEncryption: b2SettingCodec.optional(),
      destinationServerSideEncryption: b2SettingCodec.optional(),
    })
    .check(rule(metadataProblem)),
  response: wireStoredFile,
  errors: mayAnswer(
    'bad_bucket_id',
    'access_denied',
    'not_found',
    'range_not_satisfiable',
    'source_too_large',
    'storage_cap_exceeded',
    'bucket_missing_file_lock',
    'retain_until_timestamp_must_be_in_future',
  ),
} as const satisfies JsonRow;

interface CopiedMetadata {
  readonly metadataDirective: 'COPY' | 'REPLACE';
  readonly contentType?: string | undefined;
  readonly fileInfo?: Readonly<Record<string, string>> | undefined;
}

function metadataProblem({ metadataDirective, contentType, fileInfo }: CopiedMetadata): string | undefined {
  if (metadataDirective === 'REPLACE') {
    return contentType === undefined ? 'contentType must be given when metadataDirective is REPLACE' : undefined;
  }
  if (contentType !== undefined) return 'contentType must not be given when metadataDirective is COPY';
  // Clients that always send their file info send an empty one with a plain copy.
  return fileInfo === undefined || Object.keys(fileInfo).length === 0
    ? undefined
    : 'fileInfo must not be given when metadataDirective is COPY';
}
