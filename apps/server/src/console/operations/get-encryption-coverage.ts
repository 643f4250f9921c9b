import type { ExtensionHandler } from '@coffer/b2-protocol';
import type { ConsoleOperations } from '@coffer/console-schema';
import type { FileVersion } from '@coffer/storage-core';

/** Counts the versions of one page by their encryption. */
export const getEncryptionCoverage: ExtensionHandler<ConsoleOperations['coffer_get_encryption_coverage']> = async (
  { bucketId, maxFileCount, startFileId, startFileName },
  { storage },
) => {
  // A bucket that does not exist, or that is another account's, is refused here.
  await storage.buckets.get(bucketId);
  const page = await storage.listings.versions({
    bucketId,
    limit: maxFileCount,
    ...(startFileName !== undefined && { startName: startFileName, ...(startFileId !== undefined && { startFileId }) }),
  });
  const none = { files: 0, bytes: 0 };
  const counted = { none, 'SSE-B2': { ...none }, 'SSE-C': { ...none } };
  let withoutContent = 0;
  for (const row of page.rows) {
    if (row.kind === 'folder' || !hasContent(row.version)) withoutContent++;
    else {
      const amount = counted[row.version.encryption.mode];
      amount.files++;
      amount.bytes += row.version.size;
    }
  }
  return {
    bucketId,
    none: counted.none,
    sseB2: counted['SSE-B2'],
    sseC: counted['SSE-C'],
    withoutContent,
    nextFileName: page.nextName,
    nextFileId: page.nextFileId,
  };
};

function hasContent({ action }: FileVersion): boolean {
  return action === 'upload';
}
