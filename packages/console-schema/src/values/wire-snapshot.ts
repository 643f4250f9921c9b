import { fileIdField, fileNameField, bucketIdField, nameBoundField, wireBucketId, wireFileId } from '@coffer/b2-schema';
import * as z from 'zod';

/** Files that can be selected by themselves, and folders, for one snapshot. */
const maxSelectedFiles = 1_000;
const maxSelectedFolders = 100;

/** What a snapshot is to be made of. */
export const selectionFields = {
  bucketId: bucketIdField,
  /** By name, or by the id of the current version. */
  files: z
    .array(z.union([z.strictObject({ fileName: fileNameField }), z.strictObject({ fileId: fileIdField })]))
    .max(maxSelectedFiles)
    .default([]),
  /** Prefixes of names; an empty one is the whole bucket. */
  folders: z.array(nameBoundField).max(maxSelectedFolders).default([]),
};

/** A number of files and of the bytes that they have together. */
export const wireTally = z.object({ fileCount: z.int(), totalBytes: z.int() });
export type WireTally = z.output<typeof wireTally>;

/** Files that are left out, with the first few of their names. */
export const wireLeftOut = wireTally.extend({ fileNames: z.array(z.string()) });
export type WireLeftOut = z.output<typeof wireLeftOut>;

/** A snapshot and how far it is. Timestamps in milliseconds since the epoch; null: not yet, or never. */
export const wireSnapshot = z.object({
  /** 32 hexadecimal digits that ascend with time. */
  snapshotId: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** The bucket of the files. */
  bucketId: wireBucketId,
  bucketName: z.string(),
  /** Where the ZIP file is once it is done. */
  snapshotBucketName: z.string(),
  fileName: z.string(),
  /** Of the ZIP file; null unless done. */
  fileId: wireFileId.nullable(),
  contentLength: z.int().nullable(),
  /** Whether the ZIP file was made, and has been deleted since. */
  isFileDeleted: z.boolean(),
  selectedFiles: z.int(),
  selectedFolders: z.int(),
  createdTimestamp: z.int(),
  startedTimestamp: z.int().nullable(),
  endedTimestamp: z.int().nullable(),
  /** Whether everything is counted. Until then `total` grows. */
  isCounted: z.boolean(),
  total: wireTally,
  done: wireTally,
  encrypted: wireLeftOut,
  /** Selected by themselves, and not there or not current when the snapshot was begun. */
  absent: wireLeftOut,
  /** Deleted after the snapshot was begun. */
  deleted: wireLeftOut,
  renamed: z.object({
    fileCount: z.int(),
    /** The first few. */
    files: z.array(z.object({ fileName: z.string(), storedAs: z.string() })),
  }),
  /** Why it failed, with a sentence for the user; null unless it did. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type WireSnapshot = z.input<typeof wireSnapshot>;
