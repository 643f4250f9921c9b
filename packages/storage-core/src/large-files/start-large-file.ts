import { keys, type FileVersionRecord } from '@coffer/storage-ports';
import { admit, admittedVersion } from '../files/admission.ts';
import type { Core } from '../core/core.ts';
import { noChecksums } from '../encryption/checksums.ts';
import { makeEncryption } from '../encryption/file-encryption.ts';
import { makeFileId } from '../core/identifiers.ts';
import { nameQueueKey } from '../records/name-head.ts';
import type { NewFile } from '../services/storage.ts';
import { transact } from '../core/transaction.ts';
import { addVersion, type VersionDraft } from '../records/version-commit.ts';

/** `LargeFileService.start`. The file key that all parts will share is made and wrapped here. */
export async function startLargeFile(core: Core, file: NewFile): Promise<FileVersionRecord> {
  const admission = await admit(core, file);
  const { bucketId } = admission.bucket;
  const fileId = makeFileId(core, bucketId, 'large');
  const { encryption, fileKey } = await makeEncryption(core, admission.encryption, { bucketId, fileId });
  fileKey?.wipe();
  const draft: VersionDraft = {
    ...admittedVersion(admission, fileId),
    action: 'start',
    size: 0,
    checksums: noChecksums,
    blobId: null,
    blobCheck: null,
    encryption,
  };
  return core.queue.run(nameQueueKey(draft), () =>
    transact(core.metadata, async (tx) => {
      tx.put('unfinishedFiles', keys.unfinishedFiles(bucketId, fileId), { name: file.name });
      tx.put('partEpochs', keys.partEpochs(fileId), { partNumber: 0 });
      return addVersion(tx, core, draft, { customTimestamp: file.customTimestamp });
    }),
  );
}
