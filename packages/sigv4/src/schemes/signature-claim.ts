import { isToken } from '../request/header-lines.ts';
import type { SigV4Error, SigV4ErrorDetails } from '../request/sigv4-error.ts';
import type { CredentialScope } from '../signature/signing-key.ts';

/** What a request says of its signature. None of it is verified yet. */
export interface SignatureClaim {
  readonly scheme: 'header' | 'presigned';
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  /** `YYYYMMDDTHHMMSSZ`, as it is signed. */
  readonly timestamp: string;
  /** Sorted names in lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** The value of `x-amz-content-sha256`, or what stands for it. */
  readonly payloadHash: string;
}

/** What all requests are measured by. */
export interface ClaimRules {
  /** The regions that are accepted, at least one; errors name the first. */
  readonly regions: readonly [string, ...string[]];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The error of one scheme for a fault, which is told at the end of its message. */
export type ClaimRefusal = (fault: string, details?: SigV4ErrorDetails) => SigV4Error;

/** By how much the clocks of client and server may differ. */
export const allowedSkewMs = 15 * 60 * 1000;

/**
 * Reads `KEY/YYYYMMDD/REGION/s3/aws4_request`.
 *
 * @throws what `refusal` makes.
 */
export function parseCredential(
  text: string,
  { regions }: ClaimRules,
  refusal: ClaimRefusal,
): Pick<SignatureClaim, 'accessKeyId' | 'scope'> {
  const [accessKeyId = '', date = '', region = '', service = '', terminal = '', ...surplus] = text.split('/');
  if (accessKeyId === '' || terminal === '' || surplus.length > 0)
    throw refusal('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
  if (!/^\d{8}$/.test(date))
    throw refusal(`incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`);
  if (service !== 's3') throw refusal(`incorrect service "${service}". This endpoint belongs to "s3".`);
  if (terminal !== 'aws4_request')
    throw refusal(`incorrect terminal "${terminal}". This endpoint uses "aws4_request".`);
  if (!regions.includes(region))
    throw refusal(`the region '${region}' is wrong; expecting '${regions[0]}'`, { Region: regions[0] });
  return { accessKeyId, scope: { date, region } };
}

/** @throws what `refusal` makes, if the credential is of another day than the request. */
export function requireSameDay({ date }: CredentialScope, timestamp: string, refusal: ClaimRefusal): void {
  const day = timestamp.slice(0, 8);
  if (date !== day)
    throw refusal(`Invalid credential date "${date}". This date is not the same as that of the request: "${day}".`);
}

/**
 * The names of `SignedHeaders`, which are in lower case, sorted and each there once.
 *
 * @throws what `refusal` makes.
 */
export function parseSignedHeaders(text: string, refusal: ClaimRefusal): readonly string[] {
  const names = text.split(';');
  const inOrder = names.every((name, index) => {
    const previous = names[index - 1];
    return isToken(name) && name === name.toLowerCase() && (previous === undefined || previous < name);
  });
  if (!inOrder) throw refusal('the SignedHeaders must be lower-case header names, sorted, separated by semicolons.');
  return names;
}
