import type { BucketId, FileId } from '@coffer/b2-schema';
import { ClientError, type Client } from '@coffer/client';

/** Why something stays, and where. */
export const partsStay =
  'an earlier upload began it, so its parts stay in the bucket, as an unfinished large file: see “Unfinished” there';

interface CancelledUpload {
  readonly bucketId: BucketId;
  readonly fileName: string;
  /** The large file that the upload itself has begun. */
  readonly begunFile: FileId | undefined;
  /** Whether it would have gone on with an unfinished large file of this name. */
  readonly isSearched: boolean;
}

/**
 * Removes what an upload has begun itself, and says in words what stays of its name in the bucket; undefined if nothing
 * does.
 */
export async function partsLeft(
  client: Client,
  { bucketId, fileName, begunFile, isSearched }: CancelledUpload,
): Promise<string | undefined> {
  try {
    if (begunFile !== undefined) await cancel(client, begunFile);
    if (!isSearched) return undefined;
    for await (const file of client.list.unfinishedLargeFiles({ bucketId, namePrefix: fileName }))
      if (file.fileName === fileName) return partsStay;
    return undefined;
  } catch {
    return 'the server could not be asked whether parts of it stay in the bucket: look under “Unfinished” there';
  }
}

async function cancel(client: Client, fileId: FileId): Promise<void> {
  try {
    await client.api.cancelLargeFile({ fileId });
  } catch (error) {
    // It was finished or cancelled in the meantime.
    if (!ClientError.is(error, 'bad_request')) throw error;
  }
}
