import { parseObjectKey } from './object-key.ts';
import { decodePercent } from './percent-encoding.ts';
import { S3Error } from './s3-error.ts';

/** A host name of the service, and the region that it serves. */
export interface BaseDomain {
  readonly domain: string;
  readonly region: string;
}

/** What a request is about, as far as host and path say. */
export interface RequestAddress {
  /** Whether the bucket is in the host name, or the first segment of the path. */
  readonly style: 'path' | 'virtual-host';
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** The region of the base domain; undefined for a host that is none of them. */
  readonly region: string | undefined;
}

/**
 * Finds bucket and key (AWS docs "Virtual hosting of buckets"). The bucket is split off before anything is decoded, and
 * nothing is normalised: `/b/a//../c` is the key `a//../c`. The host is compared without regard to case and port.
 *
 * @param host The `Host` header; a host that belongs to no base domain is read as path-style.
 * @param path The raw path of the request target.
 * @throws S3Error `InvalidURI`, `KeyTooLongError` or `InvalidArgument` for a bad path or key.
 *
 * @example
 * ```ts
 * const domains = [{ domain: 's3.local.example', region: 'local' }];
 * const { bucket, key } = splitAddress('photos.s3.local.example:9000', '/a%20b', domains);
 * assert.deepEqual([bucket, key], ['photos', 'a b']);
 * ```
 */
export function splitAddress(host: string | undefined, path: string, domains: readonly BaseDomain[]): RequestAddress {
  const name = hostName(host ?? '');
  const exact = domains.find(({ domain }) => domain.toLowerCase() === name);
  const parent = exact === undefined ? parentOf(name, domains) : undefined;
  const raw = path.startsWith('/') ? path.slice(1) : path;
  if (parent === undefined) return { style: 'path', region: exact?.region, ...pathStyle(raw) };
  const bucket = name.slice(0, -parent.domain.length - 1);
  return { style: 'virtual-host', region: parent.region, bucket, key: raw === '' ? undefined : parseObjectKey(raw) };
}

function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d{0,5}$/, '')
    .replace(/\.$/, '');
}

/** The longest, so that a base domain inside of another one keeps its buckets. */
function parentOf(name: string, domains: readonly BaseDomain[]): BaseDomain | undefined {
  const above = domains.filter(({ domain }) => name.endsWith(`.${domain.toLowerCase()}`));
  return above.toSorted((a, b) => b.domain.length - a.domain.length)[0];
}

function pathStyle(raw: string): Pick<RequestAddress, 'bucket' | 'key'> {
  if (raw === '') return { bucket: undefined, key: undefined };
  const slash = raw.indexOf('/');
  const rawBucket = slash === -1 ? raw : raw.slice(0, slash);
  const rawKey = slash === -1 ? '' : raw.slice(slash + 1);
  const bucket = decodePercent(rawBucket);
  if (bucket === undefined) throw new S3Error('InvalidURI', { details: { URI: raw } });
  return { bucket, key: rawKey === '' ? undefined : parseObjectKey(rawKey) };
}
