import { listBucketsXml, S3Error } from '@coffer/s3-schema';
import { parseToken, printToken } from '../lists/continuation-token.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `ListBuckets`. A key for some buckets sees the names of all of them only with `listAllBucketNames`. */
export const listBuckets: Handler<'ListBuckets'> = async ({ grant, input, options, storage }) => {
  const { prefix, maxBuckets, continuationToken, bucketRegion } = input.query;
  if (grant.bucketIds !== null && !grant.capabilities.has('listAllBucketNames')) throw new S3Error('AccessDenied');
  const [region] = options.regions;
  const after = continuationToken === undefined ? '' : parseToken(continuationToken);
  const all = await storage.buckets.list({ accountId: grant.accountId });
  const wanted = all.filter(({ name }) => name.startsWith(prefix) && name > after);
  const found = bucketRegion === undefined || options.regions.includes(bucketRegion) ? wanted : [];
  const page = found.slice(0, maxBuckets);
  const last = page.at(-1);
  const document = listBucketsXml({
    owner: { id: grant.accountId },
    buckets: page.map(({ name, createdAt }) => ({ name, created: createdAt, region })),
    ...(prefix !== '' && { prefix }),
    ...(page.length < found.length && last !== undefined && { nextToken: printToken(last.name) }),
  });
  return xmlResponse(document);
};
