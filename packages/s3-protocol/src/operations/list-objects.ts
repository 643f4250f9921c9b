import { listObjectsXml } from '@coffer/s3-schema';
import { listPage } from '../lists/list-page.ts';
import { listedObjects } from '../lists/listed-objects.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `ListObjects`. */
export const listObjects: Handler<'ListObjects'> = async ({ bucket, input, storage }) => {
  const { prefix, delimiter, encoding, marker, maxKeys } = input.query;
  const after = marker === '' ? undefined : marker;
  const page = await listPage(storage, { bucketId: bucket.bucketId, prefix, delimiter, after, limit: maxKeys });
  const document = listObjectsXml({
    bucket: bucket.name,
    prefix,
    delimiter,
    encoding,
    marker,
    maxKeys,
    isTruncated: page.isTruncated,
    ...(delimiter !== undefined && page.isTruncated && page.last !== undefined && { nextMarker: page.last }),
    objects: await listedObjects(storage, page.versions, { id: bucket.accountId }),
    commonPrefixes: page.commonPrefixes,
  });
  return xmlResponse(document);
};
