import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { downloadMethods, type DownloadRow } from '../requests/operation-row.ts';
import { downloadEncryptionField, downloadHeaders, overrideFields } from '../requests/download-request.ts';
import { mayAnswer } from '../values/error-codes.ts';

/** B2 docs `b2_download_file_by_name`. Names that no bucket or file can have are not found, rather than malformed. */
export const downloadFileByName = {
  name: 'b2_download_file_by_name',
  requestType: 'DownloadFileByNameRequest',
  kind: 'download',
  methods: downloadMethods,
  versions: apiVersions,
  authorization: { by: 'download', capability: 'readFiles' },
  scope: { on: 'fileByName', bucketName: 'bucketName', name: 'fileName' },
  request: z.strictObject({
    bucketName: z.string(),
    fileName: z.string(),
    ...overrideFields,
    serverSideEncryption: downloadEncryptionField,
  }),
  headers: downloadHeaders,
  tokenInQuery: true,
  errors: mayAnswer('bad_bucket_id', 'access_denied', 'download_cap_exceeded', 'not_found', 'range_not_satisfiable'),
} as const satisfies DownloadRow;
