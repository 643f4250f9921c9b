import type { EncryptionRecord, SealedPart } from '@coffer/envelope-crypto';
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
    checksums: version.checksums,
    ...(version.entityTag !== undefined && { entityTag: version.entityTag }),
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
  const { partNumber, blobId, size, blobCheck, checksums } = part;
  return { partNumber, blobId, size, blobCheck, checksums };
}

/** The only blob of a regular file; none of anything else. */
export function sealedBlobsOf(version: UnsealedVersion): readonly SealedPart[] {
  const { blobId, blobCheck, size, checksums } = version;
  if (blobId === null || blobCheck === null) return [];
  return [{ partNumber: 0, blobId, size, blobCheck, checksums }];
}
