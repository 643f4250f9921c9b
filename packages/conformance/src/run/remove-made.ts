import { ConformanceError } from '../model/conformance-error.ts';
import { removeB2Bucket, removeB2Key } from './remove-b2.ts';
import { removeS3Bucket } from './remove-s3.ts';
import type { MadeThings, Workplace } from './workplace.ts';

/** Removes what was made. What could not be removed is named in the texts that come back. */
export async function removeMade({ endpoint, send }: Workplace, made: MadeThings): Promise<readonly string[]> {
  const left: string[] = [];
  const attempt = async (what: string, remove: () => Promise<void>): Promise<void> => {
    await remove().catch((error: unknown) => {
      if (!(error instanceof ConformanceError)) throw error;
      left.push(`${what}: ${error.message}`);
    });
  };
  for (const { name, id = '' } of made.buckets)
    await attempt(`bucket ${name}`, () =>
      endpoint.protocol === 'b2' ? removeB2Bucket(send, endpoint.session, id) : removeS3Bucket(endpoint.s3, name),
    );
  for (const id of made.applicationKeyIds)
    if (endpoint.protocol === 'b2')
      await attempt(`application key ${id}`, () => removeB2Key(send, endpoint.session, id));
  for (const secret of made.secrets) secret.wipe();
  return left;
}
