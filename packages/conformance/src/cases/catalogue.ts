import type { ConformanceCase } from '../model/case.ts';
import { protocolOf, type Profile } from '../model/feature.ts';
import { b2Access } from './b2/access.ts';
import { b2Checksums } from './b2/checksums.ts';
import { b2DownloadAuthorizations } from './b2/download-authorizations.ts';
import { b2HideMarkers } from './b2/hide-markers.ts';
import { b2LargeFileRules } from './b2/large-file-rules.ts';
import { b2Names } from './b2/names.ts';
import { b2PublicBuckets } from './b2/public-buckets.ts';
import { b2ObjectLock } from './b2/object-lock.ts';
import { b2CrossApi } from './b2/cross-api.ts';
import { b2Copies } from './b2/copies.ts';
import { b2DefaultEncryption } from './b2/default-encryption.ts';
import { b2Downloads } from './b2/downloads.ts';
import { b2LargeFiles } from './b2/large-files.ts';
import { b2RawRequests } from './b2/raw-requests.ts';
import { b2Uploads } from './b2/uploads.ts';
import { s3BucketEncryption } from './s3/bucket-encryption.ts';
import { s3ConditionalWrites } from './s3/conditional-writes.ts';
import { s3Checksums } from './s3/checksums.ts';
import { s3AwsChunked } from './s3/aws-chunked.ts';
import { s3PartNumbers } from './s3/part-numbers.ts';
import { s3VirtualHosts } from './s3/virtual-hosts.ts';
import { s3ObjectLock } from './s3/object-lock.ts';
import { s3Versions } from './s3/versions.ts';
import { s3Listings } from './s3/listings.ts';
import { s3Signatures } from './s3/signatures.ts';
import { s3Copies } from './s3/copies.ts';
import { s3Multipart } from './s3/multipart.ts';
import { s3Objects } from './s3/objects.ts';
import { s3RawRequests } from './s3/raw-requests.ts';
import { s3Requests } from './s3/requests.ts';

/** All cases, by protocol and subject. */
export const allCases: readonly ConformanceCase[] = [
  ...b2Uploads,
  ...b2Downloads,
  ...b2LargeFiles,
  ...b2Copies,
  ...b2DefaultEncryption,
  ...b2Access,
  ...b2Checksums,
  ...b2DownloadAuthorizations,
  ...b2HideMarkers,
  ...b2LargeFileRules,
  ...b2Names,
  ...b2PublicBuckets,
  ...b2ObjectLock,
  ...b2CrossApi,
  ...b2RawRequests,
  ...s3Objects,
  ...s3Copies,
  ...s3Multipart,
  ...s3BucketEncryption,
  ...s3Requests,
  ...s3ConditionalWrites,
  ...s3Checksums,
  ...s3AwsChunked,
  ...s3PartNumbers,
  ...s3VirtualHosts,
  ...s3ObjectLock,
  ...s3Versions,
  ...s3Listings,
  ...s3Signatures,
  ...s3RawRequests,
];

/**
 * The cases of a profile, in the order of the catalogue. `filter` keeps those whose id contains one of its texts.
 *
 * @example
 * ```ts
 * const ids = casesOf('s3', ['wrong-key']).map(({ id }) => id);
 * assert(ids.includes('s3/objects/sse-c/get-wrong-key'));
 * ```
 */
export function casesOf(profile: Profile, filter: readonly string[] = []): readonly ConformanceCase[] {
  return allCases.filter(
    ({ id, protocol, profiles }) =>
      protocol === protocolOf(profile) &&
      (profiles === undefined || profiles.includes(profile)) &&
      (filter.length === 0 || filter.some((text) => id.includes(text))),
  );
}
