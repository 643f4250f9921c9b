import { keys, type FileVersionRecord } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { noChecksums } from '../encryption/checksums.ts';
import { sealedOnly, type UnsealedEncryption } from '../encryption/file-encryption.ts';
import { isPossibleName, requireFileName } from '../records/file-name.ts';
import { makeFileId } from '../core/identifiers.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { addVersion, type VersionDraft } from '../records/version-commit.ts';
import type { HideOptions } from '../services/storage.ts';

const hideMarkerContentType = 'application/x-bz-hide-marker';

/** `FileService.hide`. */
export async function hideFile(
  core: Core,
  bucketId: string,
  name: string,
  { evenIfAbsent = false, condition }: HideOptions = {},
): Promise<FileVersionRecord> {
  const { accountId } = await requireBucket(core, bucketId);
  const encryption = await sealedOnly(core);
  if (evenIfAbsent) requireFileName(name);
  else if (!isPossibleName(name)) throw failures.nameMissing(name);
  await core.monitor.requireWritable();
  const draft = hideMarkerDraft({ accountId, bucketId, name, fileId: makeFileId(core, bucketId, 'small') }, encryption);
  return core.queue.run(nameQueueKey(draft), () =>
    transact(core.metadata, async (tx) => {
      if (!evenIfAbsent) await requireVisible(tx, bucketId, name);
      return addVersion(tx, core, draft, { event: 'b2:HideMarkerCreated:Hide', condition });
    }),
  );
}

async function requireVisible(tx: Transaction, bucketId: string, name: string): Promise<void> {
  const head = await tx.get('nameHeads', keys.nameHeads(bucketId, name));
  const current = head?.current ?? null;
  if (current === null) throw failures.nameMissing(name);
  if (current.hidden) throw failures.alreadyHidden(name);
}

/** A hide marker that has no place among the versions of its name yet. */
export function hideMarkerDraft(
  place: Pick<VersionDraft, 'accountId' | 'bucketId' | 'name' | 'fileId'>,
  encryption: UnsealedEncryption,
): VersionDraft {
  return {
    ...place,
    action: 'hide',
    size: 0,
    contentType: hideMarkerContentType,
    checksums: noChecksums,
    fileInfo: {},
    encryption,
    blobId: null,
    blobCheck: null,
    partCount: null,
    retention: null,
    legalHold: null,
  };
}
