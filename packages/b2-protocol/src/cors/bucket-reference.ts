import { parseDownloadPath, parseFileId } from '@coffer/b2-schema';
import { StorageError, type Storage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { readQuery } from '../request/query.ts';
import type { Route } from '../request/route.ts';

/** How a request says which bucket's rules apply to it. */
export type BucketReference =
  { readonly by: 'id'; readonly bucketId: string } | { readonly by: 'name'; readonly bucketName: string };

/**
 * The bucket of an upload URL or a download URL; undefined where the URL names none. Needs no lookup, because a file id
 * contains the id of its bucket.
 */
export function referenceInUrl({ operation, uploadTarget, downloadPath, query }: Route): BucketReference | undefined {
  if (downloadPath !== undefined) return byName(parseDownloadPath(downloadPath)?.bucketName);
  if (operation === 'b2_upload_file') return byId(uploadTarget);
  if (operation === 'b2_upload_part') return byFileId(uploadTarget);
  return referenceInFields(operation, Object.fromEntries(pairsOf(query)));
}

/** The bucket that the fields of a download name, whatever their values are. */
export function referenceInFields(operation: string, fields: unknown): BucketReference | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  if (operation === 'b2_download_file_by_id') return byFileId(textIn(fields, 'fileId'));
  return operation === 'b2_download_file_by_name' ? byName(textIn(fields, 'bucketName')) : undefined;
}

/** The bucket, if there is one. */
export async function findBucket(storage: Storage, reference: BucketReference): Promise<BucketRecord | undefined> {
  try {
    return await (reference.by === 'id'
      ? storage.buckets.get(reference.bucketId)
      : storage.buckets.getByName(reference.bucketName));
  } catch (error) {
    if (StorageError.is(error, 'bucket_missing') || StorageError.is(error, 'bucket_name_missing')) return undefined;
    throw error;
  }
}

/** Empty for a query that cannot be decoded: the operation itself refuses it later. */
function pairsOf(query: string | undefined): readonly (readonly [name: string, value: string])[] {
  try {
    return readQuery(query);
  } catch {
    return [];
  }
}

function textIn(fields: object, name: string): string | undefined {
  const value: unknown = Object.hasOwn(fields, name) ? (fields as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function byName(bucketName: string | undefined): BucketReference | undefined {
  return bucketName === undefined ? undefined : { by: 'name', bucketName };
}

function byId(bucketId: string | undefined): BucketReference | undefined {
  return bucketId === undefined ? undefined : { by: 'id', bucketId };
}

function byFileId(fileId: string | undefined): BucketReference | undefined {
  return byId(fileId === undefined ? undefined : parseFileId(fileId)?.bucketId);
}
