import { keys, type FileVersionRecord } from '@coffer/storage-ports';
import { admit, admittedVersion } from '../files/admission.ts';
import type { Core } from '../core/core.ts';
import { noChecksums } from '../encryption/checksums.ts';
import { makeEncryption } from '../encryption/file-encryption.ts';
import { makeFileId } from '../core/identifiers.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { failures } from '../core/failures.ts';
import type { FurtherChecksum, NewFile } from '../services/storage.ts';
import { transact } from '../core/transaction.ts';
import { addVersion, type VersionDraft } from '../records/version-commit.ts';

/** `LargeFileService.start`. The file key that all parts will share is made and wrapped here. */
export async function startLargeFile(
  core: Core,
  file: NewFile,
  chosen?: Pick<FurtherChecksum, 'algorithm' | 'of'>,
): Promise<FileVersionRecord> {
  requirePossibleChecksum(chosen);
  const admission = await admit(core, file);
  const { bucketId } = admission.bucket;
  const fileId = makeFileId(core, bucketId, 'large');
  const { encryption, fileKey } = await makeEncryption(core, admission.encryption, { bucketId, fileId });
  fileKey?.wipe();
  const draft: VersionDraft = {
    ...admittedVersion(admission, fileId),
    action: 'start',
    size: 0,
    checksums: chosen === undefined ? noChecksums : { ...noChecksums, further: { ...chosen, value: null } },
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

/** A checksum of the content has to follow from those of the parts, since finishing reads no data. */
function requirePossibleChecksum(chosen: Pick<FurtherChecksum, 'algorithm' | 'of'> | undefined): void {
  if (chosen === undefined) return;
  const { algorithm, of } = chosen;
  const isPossible = of === 'content' ? algorithm.startsWith('CRC') : algorithm !== 'CRC64NVME';
  if (!isPossible) throw failures.invalid('furtherChecksum', `A large file has no ${algorithm} of its ${of}`);
}
