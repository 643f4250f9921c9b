import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { downloadMethods, type DownloadRow } from '../requests/operation-row.ts';
import { downloadEncryptionField, downloadHeaders, overrideFields } from '../requests/download-request.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';

/** B2 docs `b2_download_file_by_id`. */
export const downloadFileById = {
  name: 'b2_download_file_by_id',
  requestType: 'DownloadFileByIdRequest',
  kind: 'download',
  methods: downloadMethods,
  versions: apiVersions,
  authorization: { by: 'download', capability: 'readFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({
    fileId: fileIdField,
    ...overrideFields,
    serverSideEncryption: downloadEncryptionField,
  }),
  headers: downloadHeaders,
  tokenInQuery: false,
  errors: mayAnswer('bad_bucket_id', 'access_denied', 'download_cap_exceeded', 'not_found', 'range_not_satisfiable'),
} as const satisfies DownloadRow;
