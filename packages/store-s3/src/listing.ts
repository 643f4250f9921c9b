import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

/** S3 lists so many keys at most. */
const longestPage = 1_000;

/** An object in a listing. */
export interface ListedObject {
  readonly key: string;
  /** Bytes in the store. */
  readonly length: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly modifiedAt: number;
}

type Place = Pick<S3Context, 'calls' | 'bucket'>;

/**
 * Objects with that prefix and keys behind `after` (a whole key; undefined: from the beginning), in bytewise order.
 * `wanted`: how many the caller has a use for.
 *
 * @throws S3Failure
 */
export async function* listObjects(
  place: Place,
  prefix: string,
  after: string | undefined,
  wanted: number = longestPage,
): AsyncGenerator<ListedObject, void> {
  let last = after;
  for (;;) {
    const { objects, isLast } = await listPage(place, prefix, last, Math.min(wanted, longestPage));
    for (const object of objects) {
      // What is left out or comes twice because of another order would be taken for lost.
      if (last !== undefined && object.key <= last)
        throw new S3Failure('refused', 'it does not list in bytewise order');
      last = object.key;
      yield object;
    }
    if (isLast) return;
    if (objects.length === 0) throw new S3Failure('refused', 'an empty page that is not the last one');
  }
}

async function listPage({ calls, bucket }: Place, prefix: string, after: string | undefined, limit: number) {
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    MaxKeys: limit,
    ...(after !== undefined && { StartAfter: after }),
  });
  const page = await calls.send((client, options) => client.send(command, options));
  const objects = (page.Contents ?? []).map(({ Key, Size, LastModified }): ListedObject => {
    if (Key === undefined || Size === undefined) throw new S3Failure('refused', 'a listing without keys or sizes');
    return { key: Key, length: Size, modifiedAt: LastModified?.getTime() ?? 0 };
  });
  return { objects, isLast: page.IsTruncated !== true };
}
