import { formatServerTime, parseAmzDate } from '../request/amz-date.ts';
import type { QueryParameter, RequestHead } from '../request/raw-request.ts';
import { SigV4Error } from '../request/sigv4-error.ts';
import { decodeQueryText } from '../request/uri-encoding.ts';
import { asymmetricNotImplemented, unsignedPayload } from '../signature/payload-mode.ts';
import {
  allowedSkewMs,
  parseCredential,
  parseSignedHeaders,
  requireSameDay,
  type ClaimRefusal,
  type ClaimRules,
  type SignatureClaim,
} from './signature-claim.ts';

/** The longest time for which a presigned request can be valid, in seconds: a week. */
export const longestExpiry = 604_800;

const required = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'] as const;
type Required = Readonly<Record<(typeof required)[number], string>>;

const credentialRefusal: ClaimRefusal = (fault, details) =>
  refusal(`Error parsing the X-Amz-Credential parameter; ${fault}`, details);
const signedHeadersRefusal: ClaimRefusal = (fault) =>
  refusal(`Error parsing the X-Amz-SignedHeaders parameter; ${fault}`);

/**
 * Reads the parameters of a presigned request ("Authenticating Requests: Using Query Parameters", Amazon S3 API
 * Reference). Their names are taken in their exact case only.
 *
 * @throws SigV4Error for what is missing or malformed, another region, and a request whose time has not come or is
 * over.
 */
export function parsePresignedParameters(head: RequestHead, rules: ClaimRules): SignatureClaim {
  const given = requiredOf(head.parameters);
  if (given.Algorithm === 'AWS4-ECDSA-P256-SHA256') throw asymmetricNotImplemented();
  if (given.Algorithm !== 'AWS4-HMAC-SHA256')
    throw refusal('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  const begin = parseAmzDate(given.Date);
  if (begin === undefined) throw refusal("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const seconds = parseExpiry(given.Expires);
  const { accessKeyId, scope } = parseCredential(given.Credential, rules, credentialRefusal);
  requireSameDay(scope, given.Date, credentialRefusal);
  const signedHeaders = parseSignedHeaders(given.SignedHeaders, signedHeadersRefusal);
  requireValidNow(begin, seconds, rules.now);
  const payloadHash = payloadHashOf(head);
  return {
    ...{ scheme: 'presigned', accessKeyId, scope, timestamp: given.Date, signedHeaders },
    ...{ signature: given.Signature, payloadHash },
  };
}

function requiredOf(parameters: readonly QueryParameter[]): Required {
  const found = required.map((name) => [name, valueOf(parameters, `X-Amz-${name}`)] as const);
  if (found.some(([, value]) => value === undefined || value === ''))
    throw refusal(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
        'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  return Object.fromEntries(found) as Required;
}

function valueOf(parameters: readonly QueryParameter[], wanted: string): string | undefined {
  const [first, ...others] = parameters.filter(({ name }) => name === wanted);
  if (others.length > 0) throw refusal(`${wanted} was given more than once`);
  return first === undefined ? undefined : decodeQueryText(first.rawValue);
}

function parseExpiry(text: string): number {
  if (!/^-?\d+$/.test(text)) throw refusal('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw refusal('X-Amz-Expires must be non-negative');
  if (seconds > longestExpiry)
    throw refusal(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ' +
        '604800 seconds',
    );
  return seconds;
}

/** A request that is valid for no second at all has expired at once. */
function requireValidNow(begin: number, seconds: number, now: number): void {
  if (now < begin - allowedSkewMs) throw new SigV4Error('AccessDenied', 'Request is not valid yet');
  const end = begin + seconds * 1000;
  if (now <= end && seconds > 0) return;
  throw new SigV4Error('AccessDenied', 'Request has expired', {
    'X-Amz-Expires': String(seconds),
    Expires: formatServerTime(end),
    ServerTime: formatServerTime(now),
  });
}

/** A hash may come as parameter or as header; both must be the same one, else they make a value that does not exist. */
function payloadHashOf({ parameters, headers }: RequestHead): string {
  const hashes = parameters
    .filter(({ name }) => name.toLowerCase() === 'x-amz-content-sha256')
    .map(({ rawValue }) => decodeQueryText(rawValue));
  const given = [...new Set([...hashes, ...headers.all('x-amz-content-sha256')])];
  return given.length === 0 ? unsignedPayload : given.join(',');
}

function refusal(message: string, details?: Readonly<Record<string, string>>): SigV4Error {
  return new SigV4Error('AuthorizationQueryParametersError', message, details);
}
