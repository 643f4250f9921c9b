import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { storeFormatVersion, StoreError } from '@coffer/storage-ports';
import { Readable } from 'node:stream';
import { ObjectBody } from './object-body.ts';
import { listObjects } from './listing.ts';
import { lookAt } from './object-facts.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

/** What the object says that marks a place as a store's. Blobs in frames are the first format. */
interface PlaceMark {
  readonly storeId: string;
  readonly formatVersion: number;
  readonly blobFormat: number;
}

const blobFormat = 1;
const longestMark = 1_000;

type Place = Pick<S3Context, 'calls' | 'bucket' | 'keys'>;

/**
 * Makes sure that the place is this store's. `create`: marks an empty place as this store's.
 *
 * @throws StoreError `io` with what to do; S3Failure.
 */
export async function requireMark(place: Place, storeId: string, create: boolean): Promise<void> {
  const where = describePlace(place);
  const present = await readMark(place);
  if (present === undefined) {
    await requireEmpty(place, where);
    if (!create) throw new StoreError('io', `${where} has no store yet: create one there, or correct the address`);
    await writeMarkOf(place, { storeId, formatVersion: storeFormatVersion, blobFormat });
    // Of two that create a store at once, one is told so.
    await requireMark(place, storeId, false);
    return;
  }
  if (present.storeId !== storeId)
    throw new StoreError('io', `${where} is that of another store (${present.storeId}): use another bucket or prefix`);
  if (present.formatVersion !== storeFormatVersion || present.blobFormat !== blobFormat)
    throw new StoreError(
      'io',
      `${where} is of format ${present.formatVersion}.${present.blobFormat}, this version of Coffer reads ` +
        `${storeFormatVersion}.${blobFormat}: use the version that wrote it`,
    );
}

/** The place in words. */
export function describePlace({ bucket, keys }: Pick<Place, 'bucket' | 'keys'>): string {
  const prefix = keys.mark.slice(0, keys.mark.lastIndexOf('/') + 1);
  return prefix === '' ? `The bucket ${bucket}` : `The prefix ${prefix} of the bucket ${bucket}`;
}

async function requireEmpty(place: Place, where: string): Promise<void> {
  const prefix = place.keys.mark.slice(0, place.keys.mark.lastIndexOf('/') + 1);
  for await (const { key } of listObjects(place, prefix, undefined, 1))
    // Another process may create the store at this moment.
    if (key !== place.keys.mark)
      throw new StoreError('io', `${where} is not empty and not this store's: use an empty bucket or another prefix`);
}

async function readMark(place: Place): Promise<PlaceMark | undefined> {
  const { calls, bucket, keys } = place;
  // Looked at first: only this tells "not there" from everything else.
  if ((await lookAt(place, keys.mark)) === undefined) return undefined;
  const command = new GetObjectCommand({ Bucket: bucket, Key: keys.mark });
  const { Body: body, ContentLength: length = 0 } = await calls.send((client, options) =>
    client.send(command, options),
  );
  if (!(body instanceof Readable) || length < 1 || length > longestMark) throw damagedMark(place);
  const bytes = new Uint8Array(length);
  const reading = new ObjectBody(body, calls.limits.idle);
  await reading.read(bytes);
  reading.finish();
  return parseMark(new TextDecoder().decode(bytes)) ?? fail(damagedMark(place));
}

function damagedMark({ bucket, keys }: Place): StoreError {
  return new StoreError('io', `The object ${keys.mark} of the bucket ${bucket} is damaged: it does not name a store`);
}

function fail(error: Error): never {
  throw error;
}

function parseMark(text: string): PlaceMark | undefined {
  try {
    const { storeId, formatVersion, blobFormat: format } = JSON.parse(text) as Record<string, unknown>;
    if (typeof storeId !== 'string' || !/^[0-9a-f]{32}$/.test(storeId)) return undefined;
    if (!Number.isSafeInteger(formatVersion) || !Number.isSafeInteger(format)) return undefined;
    return { storeId, formatVersion: formatVersion as number, blobFormat: format as number };
  } catch {
    return undefined;
  }
}

async function writeMarkOf({ calls, bucket, keys }: Place, mark: PlaceMark): Promise<void> {
  const put = (condition: { readonly IfNoneMatch?: string }) => {
    const body = new TextEncoder().encode(`${JSON.stringify(mark)}\n`);
    const command = new PutObjectCommand({ Bucket: bucket, Key: keys.mark, Body: body, ...condition });
    return calls.send((client, options) => client.send(command, options), { isWrite: true });
  };
  try {
    await put({ IfNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    // Somebody else was first; what is there is read next.
    if (error.kind === 'precondition') return;
    if (error.kind !== 'unsupported') throw error;
    await put({});
  }
}
