import {
  sealEncryptionRecord,
  verifyEncryptionRecord,
  type EncryptionRecord,
  type SealedPart,
} from '@coffer/envelope-crypto';
import type { FileVersionRecord, StoredEncryption } from '@coffer/storage-ports';
import type { Core } from './core.ts';
import { failures } from './failures.ts';
import { asReadFailure, type UnsealedEncryption } from './file-encryption.ts';

/** What of a version its encryption record covers besides the encryption itself. */
export type SealedIdentity = Pick<FileVersionRecord, 'bucketId' | 'fileId' | 'name' | 'size'>;

/** The encryption with the seal over it and over the blobs that make up the version. */
export async function sealEncryption(
  core: Core,
  identity: SealedIdentity,
  encryption: UnsealedEncryption,
  parts: readonly SealedPart[],
): Promise<StoredEncryption> {
  try {
    return { ...encryption, seal: await sealEncryptionRecord(core.keys, recordOf(identity, encryption, parts)) };
  } catch (error) {
    throw asReadFailure(error, identity.fileId);
  }
}

/**
 * Checks that the version's record is the one that was sealed with these parts.
 *
 * @throws StorageError `integrity`; `storage_unavailable` if the global key is not at hand.
 */
export async function requireSeal(
  core: Core,
  version: FileVersionRecord,
  parts: readonly SealedPart[],
): Promise<StoredEncryption> {
  const { encryption } = version;
  if (encryption === null) throw failures.integrity(version.fileId);
  try {
    await verifyEncryptionRecord(core.keys, recordOf(version, encryption, parts), encryption.seal);
  } catch (error) {
    throw asReadFailure(error, version.fileId);
  }
  return encryption;
}

function recordOf(
  { bucketId, fileId, name, size }: SealedIdentity,
  { mode, globalKeyId, wrappedKey, verifier }: UnsealedEncryption,
  parts: readonly SealedPart[],
): EncryptionRecord {
  return { mode, globalKeyId, bucketId, fileId, fileName: name, size, wrappedKey, verifier, parts };
}
