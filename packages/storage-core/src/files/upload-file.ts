import type { FileVersionRecord, NotificationEventType } from '@coffer/storage-ports';
import { admit, admittedVersion, type Admission } from './admission.ts';
import { addBlob } from '../data/blob-records.ts';
import { commitBlob, writeBlob, type NewBlob } from '../data/blob-writer.ts';
import type { Core } from '../core/core.ts';
import { storedChecksums, withDigests } from '../encryption/checksums.ts';
import { makeEncryption } from '../encryption/file-encryption.ts';
import { makeFileId } from '../core/identifiers.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { plaintextOf, type Plaintext } from '../data/plaintext.ts';
import type { FileVersion, NewFile, UploadBody } from '../services/storage.ts';
import { transact } from '../core/transaction.ts';
import { addVersion, type Addition, type VersionDraft } from '../records/version-commit.ts';

/** `FileService.upload`. */
export async function uploadFile(core: Core, file: NewFile, content: UploadBody): Promise<FileVersion> {
  return storeFile(core, await admit(core, file), plaintextOf(content), 'b2:ObjectCreated:Upload');
}

/**
 * Stores the data as a new version: seals it under a fresh file key, then makes it visible with one commit, which also
 * records `event`.
 */
export async function storeFile(
  core: Core,
  admission: Admission,
  plaintext: Plaintext,
  event: NotificationEventType,
): Promise<FileVersion> {
  const { file, bucket, encryption: request } = admission;
  const fileId = makeFileId(core, bucket.bucketId, 'small');
  const { encryption, fileKey } = await makeEncryption(core, request, { bucketId: bucket.bucketId, fileId });
  try {
    const blob = await writeBlob(core, plaintext, {
      fileKey,
      context: { fileId, partNumber: 0 },
    });
    const checksums = await storedChecksums(core, encryption, blob.blobId, blob);
    const draft = { ...draftOf(admission, fileId, blob), checksums, encryption };
    const { customTimestamp, condition } = file;
    const version = await commitBlob(core, blob, plaintext.signal, () =>
      commitFile(core, draft, blob, { customTimestamp, condition, event }),
    );
    return withDigests(version, blob.sha1, blob.md5);
  } finally {
    fileKey?.wipe();
  }
}

async function commitFile(core: Core, draft: VersionDraft, blob: NewBlob, how: Addition): Promise<FileVersionRecord> {
  return core.queue.run(nameQueueKey(draft), () =>
    transact(core.metadata, async (tx) => {
      addBlob(tx, blob, draft.fileId, 0);
      return addVersion(tx, core, draft, how);
    }),
  );
}

function draftOf(admission: Admission, fileId: string, blob: NewBlob): Omit<VersionDraft, 'encryption' | 'checksums'> {
  const { blobId, blobCheck, size } = blob;
  return { ...admittedVersion(admission, fileId), action: 'upload', size, blobId, blobCheck };
}
