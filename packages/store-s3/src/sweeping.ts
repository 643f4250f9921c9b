import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type MultipartUpload } from '@aws-sdk/client-s3';
import type { SweepOptions } from '@coffer/storage-ports';
import { listObjects } from './listing.ts';
import { removeObject } from './removal.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

const hour = 3_600_000;
/**
 * What is no blob's upload is made by quarantining and by opening a store. Where other processes may be at it, it
 * counts as left behind when it is older than this. Generous: the clocks of the store and of this machine may differ.
 */
const abandonedAfter = 24 * hour;

interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly begunAt: number;
}

/**
 * Removes uploads that nobody will finish, and what openings left. Returns how many there were.
 *
 * @throws S3Failure, or whatever `live` rejects with.
 */
export async function sweep(context: S3Context, { live }: SweepOptions, now: number): Promise<number> {
  const isLeft = async (key: string, begunAt: number) => {
    if (live === undefined) return true;
    const blobId = context.keys.blobIdOf(key);
    return blobId === undefined ? now - begunAt > abandonedAfter : !(await live(blobId));
  };
  let removed = 0;
  if (context.abilities.listsUploads)
    for await (const upload of unfinishedUploads(context))
      if ((await isLeft(upload.key, upload.begunAt)) && (await abortUpload(context, upload))) removed++;
  for await (const { key, modifiedAt } of listObjects(context, context.keys.probes, undefined))
    if (await isLeft(key, modifiedAt)) {
      await removeObject(context, key);
      removed++;
    }
  return removed;
}

/** All unfinished uploads below the store's prefix. @throws S3Failure */
async function* unfinishedUploads(context: S3Context): AsyncGenerator<UnfinishedUpload, void> {
  const { calls, bucket, keys } = context;
  for (const prefix of [keys.blobs, keys.quarantine, keys.probes]) {
    let marker: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | undefined = {};
    while (marker !== undefined) {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...marker,
      });
      const page = await calls.send((client, options) => client.send(command, options));
      const uploads = (page.Uploads ?? []).flatMap(uploadOf);
      // Some stores do not heed the prefix.
      yield* uploads.filter(({ key }) => key.startsWith(prefix));
      const last = uploads.at(-1);
      if (page.IsTruncated === true && last === undefined)
        throw new S3Failure('refused', 'an empty page that is not the last one');
      marker =
        page.IsTruncated === true && last !== undefined
          ? { KeyMarker: page.NextKeyMarker ?? last.key, UploadIdMarker: page.NextUploadIdMarker ?? last.uploadId }
          : undefined;
    }
  }
}

function uploadOf({ Key: key, UploadId: uploadId, Initiated: begun }: MultipartUpload): UnfinishedUpload[] {
  return key === undefined || uploadId === undefined ? [] : [{ key, uploadId, begunAt: begun?.getTime() ?? 0 }];
}

/** Whether it was still there. */
async function abortUpload({ calls, bucket }: S3Context, { key, uploadId }: UnfinishedUpload): Promise<boolean> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
  try {
    await calls.send((client, options) => client.send(command, options));
    return true;
  } catch (error) {
    if (error instanceof S3Failure && error.kind === 'missing_upload') return false;
    throw error;
  }
}
