import { wireEncryptionSchema } from '@coffer/sse-schema';
import * as z from 'zod';
import { readableFileRetention, readableLegalHold } from '../settings/file-lock.ts';
import { replicationStatus } from '../settings/replication.ts';
import { wireAccountId, wireBucketId, wireFileId } from '../values/wire-ids.ts';

/** What all rows have. Sizes in bytes, timestamps in milliseconds since the epoch. */
const common = {
  accountId: wireAccountId,
  bucketId: wireBucketId,
  fileInfo: z.record(z.string(), z.string()),
  fileName: z.string(),
  uploadTimestamp: z.int(),
  /** v1 only: `contentLength` again. */
  size: z.int().optional(),
};

const locksAndEncryption = {
  fileRetention: readableFileRetention,
  legalHold: readableLegalHold,
  serverSideEncryption: wireEncryptionSchema,
  /**
   * Absent unless a replication rule applies to the file; null if one applies but the file is not replicated, because
   * it is encrypted with SSE-C.
   */
  replicationStatus: replicationStatus.nullable().optional(),
};

/** A file version. `copy` is answered by `b2_copy_file` only; elsewhere a copy is an `upload`. */
export const wireStoredFile = z.object({
  ...common,
  ...locksAndEncryption,
  action: z.enum(['upload', 'copy']),
  contentLength: z.int(),
  /** 32 hex digits; null of a large file. */
  contentMd5: z.string().nullable(),
  /** 40 hex digits, behind `unverified:` if nobody checked them; `none` of a large file. */
  contentSha1: z.string().nullable(),
  contentType: z.string(),
  fileId: wireFileId,
});

/** A large file that is not finished. */
export const wireStartedFile = z.object({
  ...common,
  ...locksAndEncryption,
  action: z.literal('start'),
  contentLength: z.int(),
  contentMd5: z.string().nullable(),
  contentSha1: z.string().nullable(),
  contentType: z.string(),
  fileId: wireFileId,
});

/** A hide marker: no encryption and no locks, whatever the bucket says. */
export const wireHideMarker = z.object({
  ...common,
  action: z.literal('hide'),
  contentLength: z.int(),
  contentMd5: z.string().nullable(),
  contentSha1: z.string().nullable(),
  contentType: z.string().nullable(),
  fileId: wireFileId,
});

/** Names that share a prefix, in a listing with a delimiter. */
export const wireFolder = z.object({
  ...common,
  action: z.literal('folder'),
  contentLength: z.int(),
  contentMd5: z.null(),
  contentSha1: z.null(),
  contentType: z.null(),
  fileId: z.null(),
});

/** A file in a response; the action says which kind (B2 docs `b2_list_file_versions`). */
export const wireFile = z.discriminatedUnion('action', [wireStoredFile, wireStartedFile, wireHideMarker, wireFolder]);
/** A file in the response to what made or looked it up. */
export type WireFile = z.input<typeof wireFile>;

/** A stored file. */
export type WireStoredFile = z.input<typeof wireStoredFile>;
/** An unfinished large file. */
export type WireStartedFile = z.input<typeof wireStartedFile>;
/** A hide marker; it has no encryption and no lock. */
export type WireHideMarker = z.input<typeof wireHideMarker>;
/** A row that stands for all names that share what is up to the delimiter. */
export type WireFolder = z.input<typeof wireFolder>;

/** Any row but a folder. */
export const wireFileVersion = z.discriminatedUnion('action', [wireStoredFile, wireStartedFile, wireHideMarker]);
/** A row of a listing of versions. */
export type WireFileVersion = z.input<typeof wireFileVersion>;

/** What the service shows of the content of a hide marker: the digests of nothing. */
export const hideMarkerContent = {
  contentLength: 0,
  contentMd5: 'd41d8cd98f00b204e9800998ecf8427e',
  contentSha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  contentType: 'application/x-bz-hide-marker',
} as const;

/** `contentSha1` of a large file. */
export const largeFileSha1 = 'none';
