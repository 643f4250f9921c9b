import { SecretString } from '@coffer/bytes';
import { ClientError } from '../errors/client-error.ts';

/** The region of other servers than those of Backblaze, whose addresses name one. */
const defaultRegion = 'us-east-1';

/** Whose requests they are, and what the address of the server does not tell. */
export interface S3ClientOptions {
  /** The id of an application key. The service does not take its master key for S3. */
  readonly keyId: string;
  /** The application key. A `SecretString` is copied and stays the caller's. */
  readonly key: SecretString | string;
  /** Default: what the address names if it is like `s3.us-west-004.backblazeb2.com`; else `us-east-1`. */
  readonly region?: string | undefined;
  /** Whether buckets are named in the path instead of the host name. Default: unless the address is such a one. */
  readonly forcePathStyle?: boolean | undefined;
}

/** The members of `S3ClientConfig` of `@aws-sdk/client-s3` that make it work with B2. */
export interface S3ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  /** A function, so that whoever prints the configuration prints no key. */
  readonly credentials: () => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }>;
  readonly forcePathStyle: boolean;
  readonly requestChecksumCalculation: 'WHEN_REQUIRED';
  readonly responseChecksumValidation: 'WHEN_REQUIRED';
}

/**
 * The configuration of AWS's SDK for JavaScript (`new S3Client(…)`, or of what takes the same) for the server of an
 * authorization: `client.account()` tells its address. Checksums are those of requests that cannot be without one: what
 * the SDK adds to all others by itself, not every server of S3 takes.
 *
 * @throws ClientError `invalid_request` if the address is none.
 *
 * @example
 * ```ts
 * const config = s3ClientConfig({ s3ApiUrl: 'https://s3.us-west-004.backblazeb2.com' }, { keyId: '0014a98f9d9e8d0001', key: 'K001Example' });
 * assert.equal(config.region, 'us-west-004');
 * assert.equal(config.forcePathStyle, false);
 * assert.equal((await config.credentials()).secretAccessKey, 'K001Example');
 * ```
 */
export function s3ClientConfig(
  { s3ApiUrl }: { readonly s3ApiUrl: string },
  { keyId, key, region, forcePathStyle }: S3ClientOptions,
): S3ClientConfig {
  if (!URL.canParse(s3ApiUrl)) throw new ClientError('invalid_request', 'The address of the S3 API is no URL');
  const named = /^s3\.([a-z0-9-]+)\.backblazeb2\.com$/.exec(new URL(s3ApiUrl).hostname)?.[1];
  const secret =
    typeof key === 'string' ? SecretString.of(key) : key.exposeBytes((bytes) => SecretString.copyOfUtf8(bytes));
  return {
    endpoint: s3ApiUrl,
    region: region ?? named ?? defaultRegion,
    credentials: () => Promise.resolve({ accessKeyId: keyId, secretAccessKey: secret.expose((text) => text) }),
    forcePathStyle: forcePathStyle ?? named === undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
