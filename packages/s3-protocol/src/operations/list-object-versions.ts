import { invalidArgument, listVersionsXml, type ListedVersion } from '@coffer/s3-schema';
import { isFileId, type ListingRow, type AccountStorage } from '@coffer/storage-core';
import { checksumFacts, nameOf } from '../lists/listed-objects.ts';
import { xmlResponse } from '../request/responses.ts';
import type { BucketCall, Handler } from './handler.ts';

type Call = BucketCall<'ListObjectVersions'>;

/** AWS docs `ListObjectVersions`. Unfinished uploads are not among the versions. */
export const listObjectVersions: Handler<'ListObjectVersions'> = async (call) => {
  const { bucket, input, storage } = call;
  const { prefix, delimiter, encoding, keyMarker, versionIdMarker, maxKeys } = input.query;
  const { rows, isTruncated } = await pageOf(call);
  const last = rows.at(-1);
  const document = listVersionsXml({
    bucket: bucket.name,
    prefix,
    delimiter,
    encoding,
    keyMarker: keyMarker ?? '',
    versionIdMarker: versionIdMarker ?? '',
    maxKeys,
    isTruncated,
    ...(isTruncated && last !== undefined && nextMarkers(last)),
    versions: await listedVersions(storage, rows, bucket.accountId),
    commonPrefixes: rows.flatMap((row) => (row.kind === 'folder' ? [row.name] : [])),
  });
  return xmlResponse(document);
};

async function pageOf({ bucket, input, storage }: Call) {
  const { prefix, delimiter, keyMarker, versionIdMarker, maxKeys } = input.query;
  if (versionIdMarker !== undefined && !isFileId(versionIdMarker)) {
    throw invalidArgument('version-id-marker', 'Invalid version id specified', versionIdMarker);
  }
  if (maxKeys === 0) return { rows: [], isTruncated: false };
  const marker = versionIdMarker === undefined ? {} : { fileId: versionIdMarker };
  const page = await storage.listings.versions({
    bucketId: bucket.bucketId,
    prefix,
    limit: maxKeys,
    without: 'unfinished',
    marksLatest: true,
    ...(delimiter !== undefined && { delimiter }),
    ...(keyMarker !== undefined && { after: { name: keyMarker, ...marker } }),
  });
  return { rows: page.rows, isTruncated: page.nextName !== null };
}

function nextMarkers(last: ListingRow): { nextKeyMarker: string; nextVersionIdMarker?: string } {
  const nextKeyMarker = nameOf(last);
  return last.kind === 'folder' ? { nextKeyMarker } : { nextKeyMarker, nextVersionIdMarker: last.version.fileId };
}

async function listedVersions(
  { reads }: AccountStorage,
  rows: readonly ListingRow[],
  accountId: string,
): Promise<ListedVersion[]> {
  const found = rows.flatMap((row) => (row.kind === 'version' ? [row] : []));
  const stored = found.flatMap(({ version }) => (version.action === 'hide' ? [] : [version]));
  const tags = new Map<string, string>();
  for (const [index, etag] of (await reads.entityTags(stored)).entries()) tags.set(stored[index]?.fileId ?? '', etag);
  return found.map(({ version, isLatest }) => {
    const etag = tags.get(version.fileId);
    return {
      key: version.name,
      versionId: version.fileId,
      isLatest: isLatest === true,
      lastModified: version.uploadTimestamp,
      owner: { id: accountId },
      content: etag === undefined ? undefined : { etag, size: version.size, ...checksumFacts(version) },
    };
  });
}
