/** The place of a store's blobs: a bucket, and what all keys begin with. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or it ends in `/`. */
  readonly prefix: string;
}

const bucketName = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;
/** What every store, proxy and tool takes literally in a key. */
const prefixName = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
/** Room for the longest key of ours in the 1,024 bytes that S3 gives to keys. */
const longestPrefix = 512;

/**
 * Reads `s3://bucket` or `s3://bucket/prefix`.
 *
 * @throws RangeError that says what is wrong.
 *
 * @example
 * ```ts
 * assert.deepEqual(parseS3Address('s3://blobs/coffer/one'), { bucket: 'blobs', prefix: 'coffer/one/' });
 * assert.throws(() => parseS3Address('https://blobs'), /begins with s3:/);
 * ```
 */
export function parseS3Address(address: string): S3Place {
  if (!address.startsWith('s3://')) throw new RangeError('The address of a bucket begins with s3://');
  const rest = address.slice('s3://'.length);
  // Whoever writes a key into the address would find it in logs.
  if (/[@?#]/.test(rest)) throw new RangeError('The address is s3://bucket/prefix, without credentials or parameters');
  const [bucket = '', ...folders] = rest.split('/');
  if (!bucketName.test(bucket))
    throw new RangeError('The bucket in the address is 3 to 63 characters of a-z, 0-9, ".", "_" and "-"');
  const prefix = folders.join('/').replace(/\/$/, '');
  if (prefix === '') return { bucket, prefix };
  if (prefix.length > longestPrefix) throw new RangeError(`The prefix has more than ${longestPrefix} characters`);
  if (!prefixName.test(prefix) || prefix.split('/').some((folder) => folder === '.' || folder === '..'))
    throw new RangeError('The prefix is made of a-z, A-Z, 0-9, ".", "_" and "-", in folders with names');
  return { bucket, prefix: `${prefix}/` };
}
