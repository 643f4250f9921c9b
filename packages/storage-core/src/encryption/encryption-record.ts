import type { EncryptionRecord, SealedPart } from '@coffer/envelope-crypto';
import type { FileVersionRecord } from '@coffer/storage-ports';
import type { UnsealedEncryption } from './file-encryption.ts';

/** What of a version its encryption record covers besides the encryption itself. */
export type SealedIdentity = Pick<FileVersionRecord, 'bucketId' | 'fileId' | 'name' | 'size'>;

/** The encryption record of a version that is made up of these parts: what its seal is over. */
export function encryptionRecordOf(
  { bucketId, fileId, name, size }: SealedIdentity,
  { mode, globalKeyId, wrappedKey, verifier }: UnsealedEncryption,
  parts: readonly SealedPart[],
): EncryptionRecord {
  return { mode, globalKeyId, bucketId, fileId, fileName: name, size, wrappedKey, verifier, parts };
}
