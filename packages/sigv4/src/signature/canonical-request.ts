import { hashing } from '#hashing';
import { isToken } from '../request/header-lines.ts';
import { headOf, type QueryParameter, type RawRequest, type RequestHead } from '../request/raw-request.ts';
import { invalidArgument } from '../request/sigv4-error.ts';
import { canonicalPath, canonicalQueryText } from '../request/uri-encoding.ts';
import { printScope, type CredentialScope } from './signing-key.ts';

/** The parameter that holds the signature of a presigned request, which cannot sign itself. */
const signatureParameter = 'X-Amz-Signature';

/** What of a request's head is signed, and how. */
export interface SignedParts {
  /** Lower-case names, sorted. */
  readonly signedHeaders: readonly string[];
  /** The value of `x-amz-content-sha256`, or what stands for it. */
  readonly payloadHash: string;
}

/**
 * The canonical request ("Signature calculations for the Authorization header", Amazon S3 API Reference). Of the query,
 * `X-Amz-Signature` is left out. It holds the values of signed headers, customer keys among them: never show it.
 *
 * @throws SigV4Error `InvalidURI` for a target that cannot be decoded, `InvalidArgument` for a method or a header that
 * HTTP does not allow.
 *
 * @example
 * ```ts
 * const request = { method: 'GET', target: '/a%7eb?acl', headers: [['Host', 'localhost']] };
 * const parts = { signedHeaders: ['host'], payloadHash: 'UNSIGNED-PAYLOAD' };
 * const lines = canonicalRequest(request, parts).split('\n');
 * assert.deepEqual(lines, ['GET', '/a~b', 'acl=', 'host:localhost', '', 'host', 'UNSIGNED-PAYLOAD']);
 * ```
 */
export function canonicalRequest(request: RawRequest, parts: SignedParts): string {
  const head = headOf(request);
  return canonicalText(head, parts, canonicalPath(head.path));
}

/** The canonical request with a path that is canonical already. */
export function canonicalText(head: RequestHead, { signedHeaders, payloadHash }: SignedParts, path: string): string {
  if (!isToken(head.method)) throw invalidArgument('The method is not one of HTTP.', 'Method');
  const headers = signedHeaders.map((name) => `${name}:${head.headers.canonicalValue(name)}\n`).join('');
  const query = canonicalQuery(head.parameters);
  return `${head.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
}

/** Sorted by encoded name, then by encoded value. All characters are ASCII, so code units sort as bytes do. */
function canonicalQuery(parameters: readonly QueryParameter[]): string {
  return parameters
    .filter(({ name }) => name !== signatureParameter)
    .map(({ rawName, rawValue }) => [canonicalQueryText(rawName), canonicalQueryText(rawValue)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The string whose HMAC is the signature; it may be shown. `timestamp` is a `YYYYMMDDTHHMMSSZ`. */
export function stringToSign(canonical: string, timestamp: string, scope: CredentialScope): string {
  return `AWS4-HMAC-SHA256\n${timestamp}\n${printScope(scope)}\n${hashing.sha256Hex(canonical)}`;
}
