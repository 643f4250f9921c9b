import { sealEncryptionRecord, verifyEncryptionRecord, type SealedPart } from '@coffer/envelope-crypto';
import type { FileVersionRecord, StoredEncryption } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { encryptionRecordOf, type SealedIdentity } from './encryption-record.ts';
import { failures } from '../core/failures.ts';
import { asReadFailure, type UnsealedEncryption } from './file-encryption.ts';

/** The encryption with the seal over it and over the blobs that make up the version. */
export async function sealEncryption(
  core: Core,
  identity: SealedIdentity,
  encryption: UnsealedEncryption,
  parts: readonly SealedPart[],
): Promise<StoredEncryption> {
  try {
    return {
      ...encryption,
      seal: await sealEncryptionRecord(core.keys, encryptionRecordOf(identity, encryption, parts)),
    };
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
    await verifyEncryptionRecord(core.keys, encryptionRecordOf(version, encryption, parts), encryption.seal);
  } catch (error) {
    throw asReadFailure(error, version.fileId);
  }
  return encryption;
}
