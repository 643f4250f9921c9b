import { decodeHex } from '@coffer/bytes';
import type { EncryptionRecord, RecordedChecksums, SealedPart } from '@coffer/envelope-crypto';
import type { FileVersionRecord, PartRecord } from '@coffer/storage-ports';
import type { UnsealedEncryption } from './file-encryption.ts';

/** A version before it is sealed. */
export type UnsealedVersion = Omit<FileVersionRecord, 'encryption'> & { readonly encryption: UnsealedEncryption };
/** A part before it is sealed. */
export type UnsealedPart = Omit<PartRecord, 'seal'>;

/** The encryption record of a version that is made up of these blobs: what its seal is over. */
export function encryptionRecordOf(version: UnsealedVersion, parts: readonly SealedPart[]): EncryptionRecord {
  const { mode, globalKeyId, wrappedKey, verifier } = version.encryption;
  return {
    mode,
    globalKeyId,
    bucketId: version.bucketId,
    fileId: version.fileId,
    fileName: version.name,
    action: version.action,
    size: version.size,
    wrappedKey,
    verifier,
    contentType: version.contentType,
    fileInfo: version.fileInfo,
    checksums: checksumsOf(version),
    uploadTimestamp: version.uploadTimestamp,
    committedAt: version.committedAt,
    retention: version.retention,
    legalHold: version.legalHold,
    parts,
  };
}

/** The encryption record of an unfinished large file with one of its parts: what that part's seal is over. */
export function partRecordOf(started: UnsealedVersion, part: UnsealedPart): EncryptionRecord {
  const { size, uploadTimestamp: committedAt } = part;
  return encryptionRecordOf({ ...started, size, committedAt }, [sealedPartOf(part)]);
}

export function sealedPartOf(part: UnsealedPart): SealedPart {
  const { partNumber, blobId, size, blobCheck } = part;
  return { partNumber, blobId, size, blobCheck, checksums: checksumsOf(part) };
}

/** The only blob of a regular file; none of anything else. */
export function sealedBlobsOf(version: UnsealedVersion): readonly SealedPart[] {
  const { blobId, blobCheck, size } = version;
  if (blobId === null || blobCheck === null) return [];
  return [{ partNumber: 0, blobId, size, blobCheck, checksums: checksumsOf(version) }];
}

function checksumsOf({
  contentSha1,
  contentMd5,
}: Pick<FileVersionRecord, 'contentSha1' | 'contentMd5'>): RecordedChecksums {
  return {
    sha1: contentSha1 && (decodeHex(contentSha1.sha1) ?? null),
    sha1Verified: contentSha1?.verified ?? false,
    md5: contentMd5 === null ? null : (decodeHex(contentMd5) ?? null),
  };
}
