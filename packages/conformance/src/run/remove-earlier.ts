import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import { describeMade, type MadeThing } from '../model/made-thing.ts';
import { refused } from '../wire/answer.ts';
import { callB2, type B2Session } from '../wire/b2-endpoint.ts';
import { printable } from '../wire/printable.ts';
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import { removeB2Bucket, removeB2Key } from './remove-b2.ts';
import { removeS3Bucket } from './remove-s3.ts';
import type { Workplace } from './workplace.ts';

/**
 * Removes what an earlier run of the suite made, or was about to make, as far as it is there. What could not be
 * removed, or of what the endpoint does not say whether it is there, is named in the texts that come back.
 */
export async function removeEarlier(place: Workplace, things: readonly MadeThing[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const thing of things)
    try {
      await removeOne(place, thing);
      place.journal.gone(thing.name);
    } catch (error) {
      left.push(printable(`${describeMade(thing)}, of an earlier run: ${reasonOf(error)}`));
    }
  return left;
}

async function removeOne({ endpoint, send }: Workplace, { kind, name }: MadeThing): Promise<void> {
  if (endpoint.protocol === 's3') {
    if (kind === 'bucket') return removeS3BucketIfThere(endpoint.s3, name);
    throw new ConformanceError('setup', 'S3 has no application keys');
  }
  if (kind === 'bucket') return removeB2BucketNamed(send, endpoint.session, name);
  return removeB2KeysNamed(send, endpoint.session, name);
}

async function removeS3BucketIfThere(s3: S3Endpoint, bucket: string): Promise<void> {
  const answer = await s3.request({ method: 'HEAD', bucket });
  // 404 of a bucket says that there is none; any other refusal does not.
  if (answer.status === 404) return;
  if (!answer.ok) throw refused('HeadBucket', answer);
  await removeS3Bucket(s3, bucket);
}

async function removeB2BucketNamed(send: Transport, session: B2Session, bucketName: string): Promise<void> {
  const answer = await callB2(send, session, 'b2_list_buckets', { accountId: session.accountId, bucketName });
  if (!answer.ok) throw refused('b2_list_buckets', answer);
  if (answer.json('buckets') === '[]') return;
  const bucketId = answer.json('buckets.0.bucketId');
  if (answer.json('buckets.0.bucketName') !== bucketName || typeof bucketId !== 'string')
    throw new ConformanceError('setup', 'b2_list_buckets does not list this bucket, nor that there is none');
  await removeB2Bucket(send, session, bucketId);
}

/** Many times the keys of one account, 1,000 in a page. */
const mostPages = 100;

async function removeB2KeysNamed(send: Transport, session: B2Session, keyName: string): Promise<void> {
  const { accountId } = session;
  const found: string[] = [];
  let next: object = {};
  for (let page = 0; page < mostPages; page++) {
    const answer = await callB2(send, session, 'b2_list_keys', { accountId, maxKeyCount: 1000, ...next });
    if (!answer.ok) throw refused('b2_list_keys', answer);
    if (answer.json('keys') === undefined) throw new ConformanceError('setup', 'b2_list_keys lists no keys');
    for (let row = 0; answer.json(`keys.${row}`) !== undefined; row++) {
      const id = answer.json(`keys.${row}.applicationKeyId`);
      if (answer.json(`keys.${row}.keyName`) === keyName && typeof id === 'string') found.push(id);
    }
    const startApplicationKeyId = answer.json('nextApplicationKeyId');
    if (startApplicationKeyId === undefined || startApplicationKeyId === null) {
      for (const id of found) await removeB2Key(send, session, id);
      return;
    }
    next = { startApplicationKeyId };
  }
  throw new ConformanceError('setup', `after ${mostPages} pages of application keys there are still more`);
}
