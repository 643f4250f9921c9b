import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import { printable } from '../wire/printable.ts';
import { removeB2Bucket, removeB2Key } from './remove-b2.ts';
import { removeS3Bucket } from './remove-s3.ts';
import type { MadeThings, Workplace } from './workplace.ts';

/** Removes what was made, and wipes its secrets. What could not be removed is named in the texts that come back. */
export async function removeMade(place: Workplace, made: MadeThings): Promise<readonly string[]> {
  try {
    return await removeEach(place, made);
  } finally {
    for (const secret of made.secrets) secret.wipe();
  }
}

/** Whatever the error of one thing, the others are removed. */
async function removeEach({ endpoint, send, journal }: Workplace, made: MadeThings): Promise<readonly string[]> {
  const left: string[] = [];
  const attempt = async (name: string, what: string, remove: () => Promise<void>): Promise<void> => {
    try {
      await remove();
      journal.gone(name);
    } catch (error) {
      left.push(printable(`${what}: ${reasonOf(error)}`));
    }
  };
  for (const { name, id } of made.buckets)
    await attempt(name, `bucket ${name}`, () =>
      endpoint.protocol === 'b2'
        ? removeB2Bucket(send, endpoint.session, known(id))
        : removeS3Bucket(endpoint.s3, name),
    );
  for (const { name, id } of made.applicationKeys)
    if (endpoint.protocol === 'b2')
      await attempt(name, `application key ${id}`, () => removeB2Key(send, endpoint.session, id));
  return [...left, ...made.unanswered];
}

/** @throws ConformanceError `setup` for a bucket whose id the endpoint has not told. */
function known(bucketId: string | undefined): string {
  if (bucketId !== undefined && bucketId !== '') return bucketId;
  throw new ConformanceError('setup', 'b2_create_bucket told no bucketId');
}
