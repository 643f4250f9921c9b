import { wireEncryptionSchema } from '@coffer/sse-schema';
import * as z from 'zod';
import { wireFileId } from '../values/wire-ids.ts';

/** A part in a response (B2 docs `b2_upload_part`); the id is the large file's. */
export const wirePart = z.object({
  contentLength: z.int(),
  contentMd5: z.string().nullable(),
  contentSha1: z.string(),
  fileId: wireFileId,
  partNumber: z.int(),
  serverSideEncryption: wireEncryptionSchema,
  uploadTimestamp: z.int(),
});

/** A part of a large file in a response. */
export type WirePart = z.input<typeof wirePart>;
