import type { SecretBytes, SecretString } from '@coffer/bytes';
import { formatAmzDate } from './request/amz-date.ts';
import { isToken } from './request/header-lines.ts';
import type { RequestHead } from './request/raw-request.ts';
import { invalidArgument } from './request/sigv4-error.ts';
import { canonicalPath } from './request/uri-encoding.ts';
import { refuseCustomerKeys } from './schemes/authentication-scheme.ts';
import { canonicalText, stringToSign, type SignedParts } from './signature/canonical-request.ts';
import { deriveSigningKey, printScope, signatureWith, type CredentialScope } from './signature/signing-key.ts';

/** Who signs, where and when. */
export interface Signer {
  readonly accessKeyId: string;
  /** Stays the caller's. */
  readonly secret: SecretString;
  readonly region: string;
  /** Milliseconds since the epoch; the present if left out. */
  readonly now?: number;
}

/** What all signatures of one signer at one time have in common. */
export interface SigningContext {
  readonly timestamp: string;
  readonly scope: CredentialScope;
  /** The key id with its scope. */
  readonly credential: string;
}

export function contextOf({ accessKeyId, region, now = Date.now() }: Signer): SigningContext {
  const timestamp = formatAmzDate(now);
  const scope = { date: timestamp.slice(0, 8), region };
  return { timestamp, scope, credential: `${accessKeyId}/${printScope(scope)}` };
}

/** What signing adds to a request, as header or as parameter. */
const addedNames = ['algorithm', 'credential', 'date', 'expires', 'signedheaders', 'signature', 'content-sha256']
  .map((name) => `x-amz-${name}`)
  .concat('authorization');

/**
 * Checks a request that is to be signed.
 *
 * @throws SigV4Error `InvalidArgument` for one that is signed already, and for a customer key in the query.
 */
export function requireUnsigned({ headers, parameters }: RequestHead): void {
  const names = parameters.map(({ name }) => name);
  refuseCustomerKeys(names);
  for (const name of [...names, ...headers.names])
    if (addedNames.includes(name.toLowerCase())) throw invalidArgument('The request has what signing adds.', name);
}

/**
 * All names of the request's headers, sorted.
 *
 * @throws SigV4Error `InvalidArgument` without `host`, or with a name that is none.
 */
export function namesToSign({ headers }: RequestHead): readonly string[] {
  const names = [...headers.names].sort();
  if (!names.includes('host')) throw invalidArgument('The host has to be signed.', 'host');
  for (const name of names)
    if (!isToken(name)) throw invalidArgument('A header has a name that no header may have.', name);
  return names;
}

/** The signature of a head. `use` gets the signing key too, which is wiped afterwards. */
export function signHead<T>(
  head: RequestHead,
  parts: SignedParts,
  { timestamp, scope }: SigningContext,
  secret: SecretString,
  use: (signature: string, key: SecretBytes) => T,
): T {
  const text = stringToSign(canonicalText(head, parts, canonicalPath(head.path)), timestamp, scope);
  const key = deriveSigningKey(secret, scope);
  try {
    return use(signatureWith(key, text), key);
  } finally {
    key.wipe();
  }
}
