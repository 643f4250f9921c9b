import type { EncryptionRecord, SealedPart } from '@coffer/envelope-crypto';
import { keys, type FileVersionRecord, type MetadataStore } from '@coffer/storage-ports';
import { encryptionRecordOf, sealedBlobsOf, sealedPartOf } from '../encryption/encryption-record.ts';
import { failures } from '../core/failures.ts';
import { isPossibleName } from '../records/file-name.ts';
import { readFinishedParts } from '../records/file-parts.ts';
import { findVersion, readerOf } from '../records/find-version.ts';

/** One version by its id, or the current version of a name. */
export type VersionChoice = { readonly fileId: string } | { readonly bucketName: string; readonly fileName: string };

/**
 * What somebody who has the keys needs to read a file version without Coffer (docs/format.md, section 8). It is as
 * stored: the seal has not been checked, because that takes a key.
 */
export interface ExportedRecord {
  readonly record: EncryptionRecord;
  readonly seal: Uint8Array;
  /** Stored bytes of those blobs that are kept in the metadata store, by blob id; all others are in the blob store. */
  readonly inlineBlobs: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the encryption record of a stored file, without any key. Only reads, so a server may be running on the same
 * store.
 *
 * @throws StorageError `bucket_name_missing`; `file_missing` if there is no such version or it is no stored file: a
 * hide marker, an unfinished large file; `integrity` if its record is not the one that belongs there.
 * @throws StoreError where the store cannot be read.
 */
export async function exportRecord(metadata: MetadataStore, choice: VersionChoice): Promise<ExportedRecord> {
  const version = await findChosen(metadata, choice);
  if (version?.action !== 'upload') throw failures.fileMissing();
  const parts = await partsOf(metadata, version);
  return {
    record: encryptionRecordOf(version, parts),
    seal: version.encryption.seal,
    inlineBlobs: await readInlineBlobs(metadata, parts),
  };
}

async function findChosen(metadata: MetadataStore, choice: VersionChoice): Promise<FileVersionRecord | undefined> {
  const reader = readerOf(metadata);
  if ('fileId' in choice) return findVersion(reader, choice.fileId);
  const { bucketName, fileName } = choice;
  const bucket = await reader.get('bucketNames', keys.bucketNames(bucketName));
  if (bucket === undefined) throw failures.bucketNameMissing(bucketName);
  if (!isPossibleName(fileName)) return undefined;
  const visible = await reader.get('visibleNames', keys.visibleNames(bucket.bucketId, fileName));
  return visible && findVersion(reader, visible.fileId);
}

async function partsOf(metadata: MetadataStore, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  const { fileId, partCount } = version;
  if (partCount === null) return sealedBlobsOf(version);
  return (await readFinishedParts(metadata, fileId)).map(sealedPartOf);
}

async function readInlineBlobs(
  metadata: MetadataStore,
  parts: readonly SealedPart[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const { blobId } of parts) {
    const inline = await metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
    if (inline !== undefined) found.set(blobId, inline.value);
  }
  return found;
}
