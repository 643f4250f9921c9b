import { formatAmzDate, formatServerTime, parseAmzDate, parseHttpDate } from '../request/amz-date.ts';
import { trimmed, type HeaderLines } from '../request/header-lines.ts';
import type { RequestHead } from '../request/raw-request.ts';
import { SigV4Error } from '../request/sigv4-error.ts';
import {
  allowedSkewMs,
  parseCredential,
  parseSignedHeaders,
  requireSameDay,
  type ClaimRefusal,
  type ClaimRules,
  type SignatureClaim,
} from './signature-claim.ts';

const componentNames = ['Credential', 'SignedHeaders', 'Signature'] as const;
type Components = Readonly<Record<(typeof componentNames)[number], string>>;

const refusal: ClaimRefusal = (fault, details) =>
  new SigV4Error('AuthorizationHeaderMalformed', `The authorization header is malformed; ${fault}`, details);

/**
 * Reads what follows `AWS4-HMAC-SHA256` in an `Authorization` header, the time and the payload's hash.
 *
 * @throws SigV4Error for what is malformed, another region, or a time too far from now.
 */
export function parseAuthorizationHeader(
  components: string,
  { headers }: RequestHead,
  rules: ClaimRules,
): SignatureClaim {
  const { Credential, SignedHeaders, Signature } = componentsOf(components);
  const { accessKeyId, scope } = parseCredential(Credential, rules, refusal);
  const signedHeaders = parseSignedHeaders(SignedHeaders, refusal);
  const { timestamp, ms } = requestTime(headers);
  requireSameDay(scope, timestamp, refusal);
  requireNear(ms, timestamp, rules.now);
  const payloadHash = payloadHashOf(headers);
  return { scheme: 'header', accessKeyId, scope, timestamp, signedHeaders, signature: Signature, payloadHash };
}

function componentsOf(text: string): Components {
  const parts = text.split(',').map(trimmed);
  if (parts.length !== componentNames.length)
    throw refusal('the authorization header requires three components: Credential, SignedHeaders, and Signature.');
  const [Credential, SignedHeaders, Signature] = componentNames.map((name) => {
    const found = parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    if (found === undefined || found === '') throw refusal(`missing ${name}.`);
    return found;
  });
  return { Credential: Credential ?? '', SignedHeaders: SignedHeaders ?? '', Signature: Signature ?? '' };
}

/** From `x-amz-date`, and only without one from `Date`, which may have its own form or that of HTTP. */
function requestTime(headers: HeaderLines): { readonly timestamp: string; readonly ms: number } {
  const own = headers.all('x-amz-date');
  const [text = '', ...others] = own.length > 0 ? own : headers.all('date');
  const ms = parseAmzDate(text) ?? (own.length > 0 ? undefined : parseHttpDate(text));
  if (ms === undefined || others.length > 0)
    throw new SigV4Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  return { timestamp: own.length > 0 ? text : formatAmzDate(ms), ms };
}

function requireNear(ms: number, timestamp: string, now: number): void {
  if (Math.abs(now - ms) <= allowedSkewMs) return;
  throw new SigV4Error(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    {
      RequestTime: timestamp,
      ServerTime: formatServerTime(now),
      MaxAllowedSkewMilliseconds: String(allowedSkewMs),
    },
  );
}

/** Two lines make a value that does not exist, which is refused where the value is read. */
function payloadHashOf(headers: HeaderLines): string {
  const lines = headers.all('x-amz-content-sha256');
  if (lines.length > 0) return lines.join(',');
  throw new SigV4Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
}
