import type { HeaderLines } from '../request/header-lines.ts';
import { SigV4Error } from '../request/sigv4-error.ts';
import type { SignatureClaim } from './signature-claim.ts';

const customerKey = /^(x-amz-(?:copy-source-)?server-side-encryption-customer-)(?:key|key-md5)$/;

/**
 * Checks that everything is signed that has to be: `host`, the header that gives the time, and every `x-amz-*` header
 * that is there. Other headers may be added behind the signer's back, as proxies do.
 *
 * @throws SigV4Error `AccessDenied` with the names in `HeadersNotSigned`.
 */
export function requireSigned(headers: HeaderLines, claim: SignatureClaim): void {
  const signed = new Set(claim.signedHeaders);
  const needed = [...headers.names].filter((name) => name.startsWith('x-amz-'));
  // Without `x-amz-date`, the time was taken from `Date`.
  if (claim.scheme === 'header' && !headers.has('x-amz-date')) needed.unshift('date');
  needed.unshift('host');
  const missing = needed.filter((name) => !signed.has(name) && !mayBeUnsigned(name, headers, claim));
  if (missing.length > 0)
    throw new SigV4Error('AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: missing.join(', '),
    });
}

/**
 * Whoever presigns does not know the headers of the client to come: those that say nothing new may be added, and, if
 * the algorithm is signed, a customer key ("Server-side encryption with customer-provided keys", Amazon S3 User Guide:
 * presigned URLs).
 */
function mayBeUnsigned(name: string, headers: HeaderLines, claim: SignatureClaim): boolean {
  if (claim.scheme !== 'presigned') return false;
  if (name === 'x-amz-content-sha256' || name === 'x-amz-user-agent') return true;
  if (name === 'x-amz-date') return headers.all(name).every((value) => value === claim.timestamp);
  const prefix = customerKey.exec(name)?.[1];
  return prefix !== undefined && claim.signedHeaders.includes(`${prefix}algorithm`);
}
