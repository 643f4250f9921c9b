import type { BucketId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { consoleOperations, type ParsedConsoleResponseOf } from '@coffer/console-schema';

type Page = ParsedConsoleResponseOf<'coffer_get_encryption_coverage'>;

/** File versions of a bucket, or of a part of it, by their encryption. Bytes are those of the contents. */
export type CountedCoverage = Pick<Page, 'none' | 'sseB2' | 'sseC'>;

export const nothingCounted: CountedCoverage = {
  none: { files: 0, bytes: 0 },
  sseB2: { files: 0, bytes: 0 },
  sseC: { files: 0, bytes: 0 },
};

/**
 * Counts a whole bucket, page by page.
 *
 * @param onProgress Told the sums after each page.
 */
export async function countCoverage(
  client: Pick<Client, 'call'>,
  bucketId: BucketId,
  onProgress: (counted: CountedCoverage) => void,
  signal: AbortSignal,
): Promise<void> {
  let counted = nothingCounted;
  let page: Page | undefined;
  do {
    const fields = { bucketId, maxFileCount: 10_000, ...behind(page) };
    page = await client.call(consoleOperations.coffer_get_encryption_coverage, fields, { signal });
    counted = {
      none: added(counted.none, page.none),
      sseB2: added(counted.sseB2, page.sseB2),
      sseC: added(counted.sseC, page.sseC),
    };
    onProgress(counted);
  } while (page.nextFileName !== null);
}

/** Where the page after this one begins. */
function behind(page: Page | undefined) {
  if (page === undefined || page.nextFileName === null || page.nextFileId === null) return {};
  return { startFileName: page.nextFileName, startFileId: page.nextFileId };
}

function added(one: Page['none'], other: Page['none']): Page['none'] {
  return { files: one.files + other.files, bytes: one.bytes + other.bytes };
}
