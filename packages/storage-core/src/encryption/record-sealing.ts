import {
  sealEncryptionRecord,
  verifyEncryptionRecord,
  type EncryptionRecord,
  type SealedPart,
} from '@coffer/envelope-crypto';
import type { FileVersionRecord, PartRecord, StoredEncryption } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { nextTurn } from '../core/turns.ts';
import { encryptionRecordOf, partRecordOf, type UnsealedPart, type UnsealedVersion } from './encryption-record.ts';
import { asReadFailure } from './file-encryption.ts';

type Keys = Pick<Core, 'keys'>;

/**
 * The version with the seal over all of it and over the blobs that make it up. Whatever changes a version seals it
 * anew.
 */
export async function sealVersion(
  core: Keys,
  version: UnsealedVersion,
  parts: readonly SealedPart[],
): Promise<FileVersionRecord> {
  const seal = await sealOf(core, encryptionRecordOf(version, parts));
  return { ...version, encryption: { ...version.encryption, seal } };
}

/** The part with the seal over it and over the start of its large file. */
export async function sealPart(core: Keys, started: FileVersionRecord, part: UnsealedPart): Promise<PartRecord> {
  return { ...part, seal: await sealOf(core, partRecordOf(started, part)) };
}

/**
 * Checks that the version's record is the one that was sealed with these blobs.
 *
 * @throws StorageError `integrity`; `storage_unavailable` if the global key is not at hand.
 */
export async function requireSeal(
  core: Keys,
  version: FileVersionRecord,
  parts: readonly SealedPart[],
): Promise<StoredEncryption> {
  const { encryption, partCount, fileId } = version;
  // The one field that the record does not have, since its parts can be counted.
  if (partCount !== null && partCount !== parts.length) throw failures.integrity(fileId);
  await requireSealOf(core, encryptionRecordOf(version, parts), encryption.seal);
  return encryption;
}

/**
 * Checks that the part's record is the one that was sealed for this unfinished large file.
 *
 * @throws StorageError as {@link requireSeal}.
 */
export async function requirePartSeal(core: Keys, started: FileVersionRecord, part: PartRecord): Promise<void> {
  if (part.fileId !== started.fileId) throw failures.integrity(started.fileId);
  await requireSealOf(core, partRecordOf(started, part), part.seal);
}

async function sealOf({ keys }: Keys, record: EncryptionRecord): Promise<Uint8Array> {
  try {
    return await sealEncryptionRecord(keys, record, nextTurn);
  } catch (error) {
    throw asReadFailure(error, record.fileId);
  }
}

async function requireSealOf({ keys }: Keys, record: EncryptionRecord, seal: Uint8Array): Promise<void> {
  try {
    await verifyEncryptionRecord(keys, record, seal, nextTurn);
  } catch (error) {
    throw asReadFailure(error, record.fileId);
  }
}
