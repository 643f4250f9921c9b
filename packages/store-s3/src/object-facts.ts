import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { StoreError } from '@coffer/storage-ports';
import type { S3Calls } from './s3-calls.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure, storeFailure } from './s3-failure.ts';

/** Metadata of each object: 32 random hexadecimal digits, by which a write recognises its own object. */
export const writeMark = 'coffer-write';

/** What is known of an object. */
export interface ObjectFacts {
  /** Bytes in the store. */
  readonly length: number;
  readonly etag: string;
  /** Undefined for an object that somebody else has put there. */
  readonly mark: string | undefined;
}

type Place = Pick<S3Context, 'calls' | 'bucket' | 'keys'>;

/**
 * Looks at an object. Undefined only if the store said that this very object is not there: "not found" is also what a
 * missing bucket or a proxy answers.
 *
 * @throws S3Failure
 */
export async function lookAt({ calls, bucket }: Pick<Place, 'calls' | 'bucket'>, key: string) {
  try {
    const head = await calls.send((client, options) =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), options),
    );
    return factsOf(head.ContentLength, head.ETag, head.Metadata);
  } catch (error) {
    if (!(error instanceof S3Failure) || !['missing', 'missing_key'].includes(error.kind)) throw error;
    // An answer to HEAD has no body, in which the store would say what is missing.
    return lookInside(calls, bucket, key);
  }
}

async function lookInside(calls: S3Calls, bucket: string, key: string): Promise<ObjectFacts | undefined> {
  try {
    const command = { Bucket: bucket, Key: key, Range: 'bytes=0-0' };
    const got = await calls.send((client, options) => client.send(new GetObjectCommand(command), options));
    (got.Body as { destroy?: () => void } | undefined)?.destroy?.();
    return factsOf(Number(/\/(\d+)$/.exec(got.ContentRange ?? '')?.[1]), got.ETag, got.Metadata);
  } catch (error) {
    if (error instanceof S3Failure && error.kind === 'missing_key') return undefined;
    throw error;
  }
}

/** @throws S3Failure for an answer without what every answer has. */
export function factsOf(
  length: number | undefined,
  etag: string | undefined,
  metadata: Readonly<Record<string, string>> | undefined,
): ObjectFacts {
  if (length === undefined || !Number.isSafeInteger(length) || etag === undefined)
    throw new S3Failure('refused', 'an answer without length or ETag');
  return { length, etag, mark: metadata?.[writeMark] };
}

/**
 * The error for a blob that the store does not have. It is `missing_blob` only if the place still is this store's:
 * nothing can be said of an emptied or exchanged bucket.
 */
export async function missingBlob(place: Place, blobId: string): Promise<StoreError> {
  try {
    if ((await lookAt(place, place.keys.mark)) !== undefined)
      return new StoreError('missing_blob', `There is no blob ${blobId}`);
  } catch (error) {
    return storeFailure(`Looking for blob ${blobId}`, error);
  }
  return new StoreError(
    'io',
    `Looking for blob ${blobId} failed: the bucket no longer has the object ${place.keys.mark}, ` +
      `which says that it is this store's: bring the bucket back, or restore it`,
  );
}

/** @throws StoreError `missing_blob`, `io`. */
export async function requireObject(place: Place, blobId: string): Promise<ObjectFacts> {
  const facts = await lookAt(place, place.keys.blob(blobId)).catch((error: unknown) => {
    throw storeFailure(`Looking for blob ${blobId}`, error);
  });
  if (facts === undefined) throw await missingBlob(place, blobId);
  return facts;
}
