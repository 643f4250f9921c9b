import {
  bucketIdField,
  fileIdField,
  jsonMethods,
  listCountField,
  maxListCount,
  mayAnswer,
  nameBoundField,
  wireBucketId,
  wireFileId,
  type ExtensionRow,
} from '@coffer/b2-schema';
import * as z from 'zod';

/** File versions, and the bytes of their contents. */
const amount = z.object({ files: z.int(), bytes: z.int() });

/**
 * Counts the file versions of one page of a bucket by their encryption. Whoever adds up the pages has the coverage of
 * the bucket; no request counts more than a page, so that a large bucket is counted with progress. The key needs
 * `listFiles`, without restriction to a prefix, since it learns of every file, and `readBucketEncryption`.
 */
export const getEncryptionCoverage = {
  name: 'coffer_get_encryption_coverage',
  notPartOfB2: true,
  requestType: 'GetEncryptionCoverageRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readBucketEncryption'] },
  scope: { on: 'wholeBucket', field: 'bucketId' },
  request: z.strictObject({
    bucketId: bucketIdField,
    /** Where the page begins: `nextFileName` and `nextFileId` of the page before. Absent: at the beginning. */
    startFileName: nameBoundField.optional(),
    /** Means nothing without `startFileName`. */
    startFileId: fileIdField.optional(),
    /** Versions that are looked at; 100 by default, 10,000 at most. */
    maxFileCount: listCountField('maxFileCount', maxListCount),
  }),
  response: z.object({
    bucketId: wireBucketId,
    none: amount,
    sseB2: amount,
    sseC: amount,
    /** Hide markers and unfinished large files: they have no content that counts. */
    withoutContent: z.int(),
    /** Where the next page begins; both null after the last. */
    nextFileName: z.string().nullable(),
    nextFileId: wireFileId.nullable(),
  }),
  errors: mayAnswer('bad_bucket_id', 'invalid_bucket_id', 'invalid_file_id', 'out_of_range'),
} as const satisfies ExtensionRow;
