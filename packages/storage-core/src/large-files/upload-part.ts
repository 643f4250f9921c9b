import type { SecretBytes } from '@coffer/bytes';
import { checkPartParameters, type EncryptionRequest } from '@coffer/sse-schema';
import {
  keys,
  type FileVersionRecord,
  type PartRecord,
  type PendingDeletion,
  type StoredEncryption,
} from '@coffer/storage-ports';
import { addBlob, removeBlob } from '../data/blob-records.ts';
import { commitBlob, writeBlob, type NewBlob } from '../data/blob-writer.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { shownPart, storedChecksums } from '../encryption/checksums.ts';
import { requireNoSnapshot } from '../records/snapshot-upload.ts';
import { isCustomerKeyOf, unwrapFileKey } from '../encryption/file-encryption.ts';
import { getUnfinished, readerOf } from '../records/find-version.ts';
import { maximumPartNumber } from '../core/options.ts';
import { tryFinishDeletion } from '../data/pending-deletion.ts';
import { plaintextOf, type Plaintext } from '../data/plaintext.ts';
import { requireSeal, sealPart } from '../encryption/record-sealing.ts';
import type { UnsealedPart } from '../encryption/encryption-record.ts';
import type { FilePart, UploadBody } from '../services/storage.ts';
import { transact } from '../core/transaction.ts';

/** Which part of which unfinished large file, with the customer key of an SSE-C file. */
export interface PartTarget {
  readonly fileId: string;
  readonly partNumber: number;
  readonly encryption?: EncryptionRequest;
  readonly isSnapshot?: true;
}

/** An unfinished large file that takes a part. */
export interface OpenUpload {
  readonly started: FileVersionRecord;
  readonly encryption: StoredEncryption;
  readonly target: PartTarget;
}

/** `LargeFileService.uploadPart`. */
export async function uploadPart(core: Core, target: PartTarget, content: UploadBody): Promise<FilePart> {
  const upload = await openUpload(core, target);
  requireOwnChecksum(upload, content);
  return storePart(core, upload, plaintextOf(content));
}

/** Applies every rule for a part that does not need its data. */
export async function openUpload(core: Core, target: PartTarget): Promise<OpenUpload> {
  const { fileId, partNumber, encryption: request, isSnapshot } = target;
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > maximumPartNumber)
    throw failures.invalid('partNumber', `Part numbers are 1 to ${maximumPartNumber}`);
  const started = await getUnfinished(readerOf(core.metadata), fileId);
  await requireNoSnapshot(readerOf(core.metadata), started, isSnapshot);
  const encryption = await requireSeal(core, started, []);
  requirePartEncryption(encryption, fileId, request);
  await core.monitor.requireWritable();
  return { started, encryption, target };
}

/**
 * Checks what comes with a part against the encryption that its file was started with.
 *
 * @throws StorageError `sse_violation`.
 */
export function requirePartEncryption(
  encryption: StoredEncryption,
  fileId: string,
  request: EncryptionRequest | undefined,
): void {
  const violation = checkPartParameters(encryption.mode, request);
  if (violation !== undefined) throw failures.sse(violation);
  if (request?.mode === 'SSE-C' && !isCustomerKeyOf(encryption, request.customerKey.key, fileId))
    throw failures.sse('customer_key_mismatch');
}

/** Seals the data under the large file's key and commits it as the part, in place of one of the same number. */
export async function storePart(core: Core, upload: OpenUpload, plaintext: Plaintext): Promise<FilePart> {
  const { started, encryption, target } = upload;
  const fileKey = await unwrapFileKey(core, encryption, target.encryption, started);
  try {
    const blob = await writePart(core, upload, withOwnChecksum(upload, plaintext), fileKey);
    const unsealed = await partOf(core, upload, blob);
    const { part, pending } = await commitBlob(core, blob, plaintext.signal, async () =>
      commitPart(core, target, await sealPart(core, started, unsealed), blob),
    );
    await tryFinishDeletion(core, pending);
    return await shownPart(core, encryption, part);
  } finally {
    fileKey?.wipe();
  }
}

/** A part has the further checksum that its file was started with, whatever its uploader knows of it. */
function withOwnChecksum({ started }: OpenUpload, plaintext: Plaintext): Plaintext {
  const chosen = started.checksums.further;
  if (chosen === undefined || plaintext.claims.further !== undefined) return plaintext;
  return { ...plaintext, claims: { ...plaintext.claims, further: { algorithm: chosen.algorithm } } };
}

function requireOwnChecksum({ started }: OpenUpload, { further }: UploadBody): void {
  const chosen = started.checksums.further;
  if (chosen !== undefined && further !== undefined && further.algorithm !== chosen.algorithm)
    throw failures.invalid('furtherChecksum', `The parts of this file have a ${chosen.algorithm}`);
}

async function writePart(
  core: Core,
  { target: { fileId, partNumber } }: OpenUpload,
  plaintext: Plaintext,
  fileKey: SecretBytes | null,
): Promise<NewBlob> {
  return writeBlob(core, plaintext, { fileKey, context: { fileId, partNumber } });
}

async function commitPart(
  core: Core,
  { isSnapshot }: PartTarget,
  part: PartRecord,
  blob: NewBlob,
): Promise<{ readonly part: PartRecord; readonly pending: PendingDeletion | null }> {
  const { fileId, partNumber } = part;
  const key = keys.parts(fileId, partNumber);
  return transact(core.metadata, async (tx) => {
    // While the data came, it may have become known that a snapshot owns the file.
    await requireNoSnapshot(tx, await getUnfinished(tx, fileId), isSnapshot);
    const replaced = await tx.get('parts', key);
    const pending = replaced === undefined ? null : await removeBlob(tx, replaced.blobId);
    tx.put('parts', key, part);
    tx.put('partEpochs', keys.partEpochs(fileId), { partNumber });
    addBlob(tx, blob, fileId, partNumber);
    return { part, pending };
  });
}

async function partOf(core: Core, { encryption, target }: OpenUpload, blob: NewBlob): Promise<UnsealedPart> {
  const { fileId, partNumber } = target;
  const { blobId, blobCheck, size } = blob;
  const checksums = await storedChecksums(core, encryption, blobId, blob);
  return { fileId, partNumber, blobId, blobCheck, size, checksums, uploadTimestamp: core.clock.now() };
}
