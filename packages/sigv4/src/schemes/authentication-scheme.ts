import { HeaderLines, trimmed, type HeaderPair } from '../request/header-lines.ts';
import { splitTarget, type RequestHead } from '../request/raw-request.ts';
import { SigV4Error, invalidArgument } from '../request/sigv4-error.ts';
import { asymmetricNotImplemented } from '../signature/payload-mode.ts';

/** How a request says who it is from; `components` is what follows the name of the algorithm. */
export type AuthenticationScheme =
  | { readonly kind: 'header'; readonly components: string }
  | { readonly kind: 'presigned' }
  | { readonly kind: 'anonymous' };

const customerKeyParameter = /^x-amz-(?:copy-source-)?server-side-encryption-customer-/i;
const presignedParameters = ['X-Amz-Algorithm', 'X-Amz-Signature', 'X-Amz-Credential'];
const responseOverrides = ['cache-control', 'content-disposition', 'content-encoding', 'content-language']
  .concat('content-type', 'expires')
  .map((name) => `response-${name}`);

/**
 * Which scheme a request uses, from its raw target and its header field lines, in the order in which S3 decides. An
 * `Authorization` without a value is none. Nothing is verified.
 *
 * @throws SigV4Error for a request that uses none rightly: two schemes, an older or an unknown one, a customer key of
 * SSE-C in the query (which would be logged), a session token without credentials, anonymous use of `response-*`
 * parameters.
 *
 * @example
 * ```ts
 * assert.deepEqual(authenticationScheme('/bucket/key', []), { kind: 'anonymous' });
 * const basic = [['Authorization', 'Basic Zm9vOmJhcg==']];
 * assert.throws(() => authenticationScheme('/bucket/key', basic), { code: 'InvalidArgument' });
 * ```
 */
export function authenticationScheme(target: string, headers: Iterable<HeaderPair>): AuthenticationScheme {
  return schemeOf({ ...splitTarget(target), headers: new HeaderLines(headers) });
}

/** The same for a head that is divided already. */
export function schemeOf({ parameters, headers }: Omit<RequestHead, 'method'>): AuthenticationScheme {
  const names = new Set(parameters.map(({ name }) => name));
  refuseCustomerKeys(names);
  const lines = headers.all('authorization').filter((line) => line !== '');
  if (lines.length > 0) return headerScheme(lines, names);
  if (presignedParameters.some((name) => names.has(name))) return { kind: 'presigned' };
  if (names.has('AWSAccessKeyId') && names.has('Signature')) throw versionTwoRefused();
  if (headers.has('x-amz-security-token') || names.has('X-Amz-Security-Token'))
    throw new SigV4Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  if (responseOverrides.some((name) => names.has(name)))
    throw new SigV4Error(
      'InvalidRequest',
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  return { kind: 'anonymous' };
}

/** A key in a URL gets into logs and histories; it is refused before anything else is done with the query. */
export function refuseCustomerKeys(names: Iterable<string>): void {
  for (const name of names)
    if (customerKeyParameter.test(name))
      throw invalidArgument(
        'Server Side Encryption with Customer provided keys takes request headers, not query parameters.',
        'x-amz-server-side-encryption',
      );
}

function headerScheme(lines: readonly string[], names: ReadonlySet<string>): AuthenticationScheme {
  if (names.has('X-Amz-Signature') || names.has('X-Amz-Algorithm'))
    throw new SigV4Error(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string ' +
        'parameter or the Authorization header should be specified',
    );
  const [value = '', ...others] = lines;
  if (others.length > 0) throw invalidArgument('Only one Authorization header is allowed.', 'Authorization');
  const space = value.indexOf(' ');
  if (space === -1 || value[space + 1] === ' ')
    throw invalidArgument("Authorization header is invalid -- one and only one ' ' (space) required.", 'Authorization');
  return schemeNamed(value.slice(0, space), trimmed(value.slice(space + 1)));
}

function schemeNamed(name: string, components: string): AuthenticationScheme {
  if (name === 'AWS4-HMAC-SHA256') return { kind: 'header', components };
  if (name === 'AWS') throw versionTwoRefused();
  if (name === 'AWS4-ECDSA-P256-SHA256') throw asymmetricNotImplemented();
  throw invalidArgument('Unsupported Authorization Type', 'Authorization');
}

/**
 * What a signature of Version 2 is told: exactly what AWS says, by which s3cmd knows that it has to sign otherwise, and
 * apart from that how the clients that still make it are told not to.
 */
export function versionTwoRefused(): SigV4Error {
  return new SigV4Error(
    'InvalidRequest',
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    { additionalMessage: 'In boto3 and the AWS CLI, set signature_version to s3v4.' },
  );
}
