import type { AccountStorage } from '@coffer/storage-core';
import { splitRows, type SplitRows } from './listed-objects.ts';

/** A page of current objects. */
export interface PageQuery {
  readonly bucketId: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** The page begins behind this name, and behind the common prefix that it would be rolled up to. */
  readonly after: string | undefined;
  /** Rows at most; 0 asks for none. */
  readonly limit: number;
}

/** The rows of a page, and whether more follow. */
export async function listPage(
  { listings }: AccountStorage,
  { bucketId, prefix, delimiter, after, limit }: PageQuery,
): Promise<SplitRows & { readonly isTruncated: boolean }> {
  if (limit === 0) return { ...splitRows([]), isTruncated: false };
  const page = await listings.names({
    bucketId,
    prefix,
    limit,
    ...(delimiter !== undefined && { delimiter }),
    ...(after !== undefined && { after }),
  });
  return { ...splitRows(page.rows), isTruncated: page.nextName !== null };
}
