import type { FilePart } from '@coffer/storage-core';
import { printStoredSha1, type WirePart } from '@coffer/b2-schema';
import { printB2View, viewOf, type EncryptionRequest, type SseMode } from '@coffer/sse-schema';

/**
 * A part of a large file that is encrypted in `mode`; `given` is the encryption that the answered request carried, if
 * any.
 */
export function partView(part: FilePart, mode: SseMode, given?: EncryptionRequest): WirePart {
  return {
    contentLength: part.size,
    contentMd5: part.contentMd5,
    contentSha1: printStoredSha1(part.contentSha1.sha1, part.contentSha1.verified),
    fileId: part.fileId,
    partNumber: part.partNumber,
    serverSideEncryption: printB2View(viewOf(mode, given)),
    uploadTimestamp: part.uploadTimestamp,
  };
}
