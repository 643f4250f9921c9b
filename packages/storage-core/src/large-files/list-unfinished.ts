import { keys, prefixRange, recordKey, type FileVersionRecord, type MetadataStore } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { isPossibleId } from '../core/identifiers.ts';
import { allShown } from '../encryption/checksums.ts';
import type { FileVersion } from '../services/storage.ts';
import { pagesOf } from '../core/table-pages.ts';
import { requireLimit } from '../listings/page-limit.ts';
import { textAfterBucket } from '../encryption/record-text.ts';

/** `LargeFileService.listUnfinished`. */
export async function listUnfinished(
  core: Core,
  query: { bucketId: string; namePrefix?: string; startFileId?: string; limit: number },
): Promise<{ readonly files: readonly FileVersion[]; readonly nextFileId: string | null }> {
  const limit = requireLimit(query.limit);
  await requireBucket(core, query.bucketId);
  const files: FileVersionRecord[] = [];
  for await (const version of unfinishedFiles(core.metadata, query)) {
    files.push(version);
    if (files.length > limit) break;
  }
  return { files: await allShown(core, files.slice(0, limit)), nextFileId: files[limit]?.fileId ?? null };
}

async function* unfinishedFiles(
  metadata: MetadataStore,
  { bucketId, namePrefix = '', startFileId }: { bucketId: string; namePrefix?: string; startFileId?: string },
): AsyncGenerator<FileVersionRecord, void> {
  const whole = prefixRange(recordKey(bucketId));
  const isPlace = startFileId !== undefined && isPossibleId(startFileId);
  const range = isPlace ? { ...whole, start: keys.unfinishedFiles(bucketId, startFileId) } : whole;
  for await (const rows of pagesOf(metadata, 'unfinishedFiles', range)) {
    const wanted = rows.filter((row) => row.value.name.startsWith(namePrefix));
    const versions = await Promise.all(
      wanted.map((row) => findVersion(readerOf(metadata), textAfterBucket(bucketId, row.key))),
    );
    for (const version of versions) if (version?.action === 'start') yield version;
  }
}
