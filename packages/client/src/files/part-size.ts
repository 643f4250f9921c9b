import { maxPartNumber, maxPartSize } from '@coffer/b2-schema';
import type { AccountInfo } from '../account/account.ts';
import { ClientError } from '../errors/client-error.ts';

/** Parts of streams are held in memory while they are uploaded, so they are smaller than those of files. */
const largestStreamedPart = 25_000_000;

/** The size of the parts of data that can be read at any place: as asked for, or as the server recommends. */
export function placedPartSize(size: number, asked: number | undefined, info: AccountInfo): number {
  // Files that would have too many parts of that size get larger ones.
  const least = Math.max(info.absoluteMinimumPartSize, Math.ceil(size / maxPartNumber));
  if (asked !== undefined) checkPartSize(asked, info);
  return Math.min(maxPartSize, Math.max(least, asked ?? info.recommendedPartSize));
}

/** The size of the parts of a stream. */
export function streamedPartSize(asked: number | undefined, info: AccountInfo): number {
  if (asked !== undefined) checkPartSize(asked, info);
  return asked ?? Math.max(info.absoluteMinimumPartSize, Math.min(info.recommendedPartSize, largestStreamedPart));
}

function checkPartSize(size: number, { absoluteMinimumPartSize: least }: AccountInfo): void {
  if (Number.isSafeInteger(size) && size >= least && size <= maxPartSize) return;
  throw new ClientError('invalid_request', `The size of parts must be from ${least} to ${maxPartSize} bytes`, {
    field: 'partSize',
  });
}
