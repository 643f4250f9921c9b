import { listObjectsV2Xml } from '@coffer/s3-schema';
import { parseToken, printToken } from '../lists/continuation-token.ts';
import { listPage } from '../lists/list-page.ts';
import { listedObjects } from '../lists/listed-objects.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `ListObjectsV2`. */
export const listObjectsV2: Handler<'ListObjectsV2'> = async ({ bucket, input, storage }) => {
  const { prefix, delimiter, encoding, maxKeys, continuationToken, startAfter, fetchOwner } = input.query;
  const after = continuationToken === undefined ? startAfter : parseToken(continuationToken);
  const page = await listPage(storage, { bucketId: bucket.bucketId, prefix, delimiter, after, limit: maxKeys });
  const document = listObjectsV2Xml({
    bucket: bucket.name,
    prefix,
    delimiter,
    encoding,
    maxKeys,
    ...(continuationToken === undefined ? startAfter !== undefined && { startAfter } : { continuationToken }),
    ...(page.isTruncated && page.last !== undefined && { nextContinuationToken: printToken(page.last) }),
    isTruncated: page.isTruncated,
    objects: await listedObjects(storage, page.versions, fetchOwner ? { id: bucket.accountId } : undefined),
    commonPrefixes: page.commonPrefixes,
  });
  return xmlResponse(document);
};
