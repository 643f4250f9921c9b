import { SecretBytes, SecretString, encodeHex } from '@coffer/bytes';
import { headOf, type RawRequest, type RequestHead } from './request/raw-request.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import { canonicalPath } from './request/uri-encoding.ts';
import { schemeOf, type AuthenticationScheme } from './schemes/authentication-scheme.ts';
import { parseAuthorizationHeader } from './schemes/authorization-header.ts';
import { parsePresignedParameters } from './schemes/presigned-parameters.ts';
import { headersInQuery } from './schemes/query-headers.ts';
import { requireSigned } from './schemes/signed-headers.ts';
import type { ClaimRules, SignatureClaim } from './schemes/signature-claim.ts';
import { canonicalText, stringToSign } from './signature/canonical-request.ts';
import { ChunkSignatures } from './signature/chunk-signatures.ts';
import { parsePayloadMode, type PayloadMode } from './signature/payload-mode.ts';
import { deriveSigningKey, sameSignature, signatureOf } from './signature/signing-key.ts';
import { SigningKeyCache } from './signature/signing-key-cache.ts';
import type { AnonymousRequest, SignedRequest, SigningSecret, VerifiedPayload } from './verified-request.ts';

export interface VerifierOptions<Secret extends SigningSecret> {
  /** The regions that are accepted, at least one; errors name the first. */
  readonly regions: readonly [string, ...string[]];
  /**
   * The secret of a key id, or undefined if there is none, or none that may still be used. Asked for every request.
   * What it throws goes to the caller.
   */
  readonly lookup: (accessKeyId: string) => Promise<Secret | undefined>;
  /** Milliseconds since the epoch; `Date.now` if left out. */
  readonly now?: () => number;
  /** How many signing keys are kept, 1,000 if left out: one for each key id, day and region. */
  readonly cachedKeys?: number;
}

/** Verifies requests of one endpoint. */
export interface Verifier<Secret extends SigningSecret> {
  /**
   * Says who signed a request's head, of which nothing may be lost; the body is not touched.
   *
   * @throws SigV4Error for everything that makes the request one that is not to be answered.
   */
  verify(request: RawRequest): Promise<SignedRequest<Secret> | AnonymousRequest>;
  /** Wipes the cached signing keys of a key id. `SigningSecret.version` alone is enough for correctness. */
  invalidate(accessKeyId: string): void;
  /** Wipes all cached signing keys. The verifier can still be used. */
  clear(): void;
}

/** What of a claim is known beside its signature. */
interface CheckedClaim {
  readonly head: RequestHead;
  readonly claim: SignatureClaim;
  readonly mode: PayloadMode;
}

/**
 * A verifier of requests signed by Signature Version 4 for S3, in the `Authorization` header or in the query
 * ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference).
 *
 * @example
 * ```ts
 * const secretOf = () => SecretString.of('an example secret');
 * const verifier = createVerifier({
 *   regions: ['us-west-004'],
 *   lookup: async (id) => (id === 'a-key' ? { version: '1', openSecret: secretOf } : undefined),
 * });
 * const request = { method: 'GET', target: '/bucket/key', headers: [['Host', 'localhost']] };
 * const options = { accessKeyId: 'a-key', secret: secretOf(), region: 'us-west-004', payload: { kind: 'unsigned' } };
 * const headers = [...request.headers, ...signRequest(request, options).headers];
 *
 * const verified = await verifier.verify({ ...request, headers });
 * assert.equal(verified.accessKeyId, 'a-key');
 * await assert.rejects(verifier.verify({ ...request, headers, target: '/bucket/other' }), {
 *   code: 'SignatureDoesNotMatch',
 * });
 * ```
 */
export function createVerifier<Secret extends SigningSecret>(options: VerifierOptions<Secret>): Verifier<Secret> {
  const cache = new SigningKeyCache(options.cachedKeys ?? 1000);
  const now = options.now ?? Date.now;
  return {
    async verify(request) {
      const received = [...request.headers];
      const head = headOf({ ...request, headers: received });
      const scheme = schemeOf(head);
      if (scheme.kind === 'anonymous') return { kind: 'anonymous', headers: received };
      const checked = checkClaim(head, scheme, { regions: options.regions, now: now() });
      const { claim } = checked;
      const inQuery = scheme.kind === 'presigned' ? headersInQuery(head, claim) : [];
      const secret = await options.lookup(claim.accessKeyId);
      if (secret === undefined) return refuseUnknownKey(checked);
      const payload = await checkSignature(cache, checked, secret);
      const { accessKeyId, scope } = claim;
      const headers = inQuery.length === 0 ? received : [...received, ...inQuery];
      return { kind: scheme.kind, accessKeyId, secret, region: scope.region, headers, payload };
    },
    invalidate: (accessKeyId) => {
      cache.invalidate(accessKeyId);
    },
    clear: () => {
      cache.clear();
    },
  };
}

/** Everything that can be told without a secret. */
function checkClaim(
  head: RequestHead,
  scheme: Exclude<AuthenticationScheme, { readonly kind: 'anonymous' }>,
  rules: ClaimRules,
): CheckedClaim {
  const claim =
    scheme.kind === 'header'
      ? parseAuthorizationHeader(scheme.components, head, rules)
      : parsePresignedParameters(head, rules);
  const mode = parsePayloadMode(claim.payloadHash);
  if (scheme.kind === 'presigned' && mode.kind === 'aws-chunked' && mode.signed)
    throw new SigV4Error('NotImplemented', 'Presigned requests with signed chunks are not implemented.');
  requireSigned(head.headers, claim);
  return { head, claim, mode };
}

/** Takes as long as a signature of a key whose signing key is not cached. */
function refuseUnknownKey(checked: CheckedClaim): never {
  const nobodys = SecretBytes.random(16);
  const secret = SecretString.of(nobodys.expose(encodeHex));
  const key = deriveSigningKey(secret, checked.claim.scope);
  mismatchOf(checked, key);
  for (const one of [nobodys, secret, key]) one.wipe();
  throw new SigV4Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: checked.claim.accessKeyId,
  });
}

/** Only what has signed rightly gets its signing key cached, so that strangers cannot push out the keys of others. */
async function checkSignature(
  cache: SigningKeyCache,
  checked: CheckedClaim,
  secret: SigningSecret,
): Promise<VerifiedPayload> {
  const { accessKeyId, scope } = checked.claim;
  // Nothing is awaited between the look into the cache and the use of what was there: it could be wiped meanwhile.
  const cached = cache.get(accessKeyId, scope, secret.version);
  if (cached !== undefined) return payloadSignedWith(cached, checked);
  const key = await openSigningKey(secret, checked.claim);
  try {
    const payload = payloadSignedWith(key, checked);
    cache.put(accessKeyId, scope, secret.version, key);
    return payload;
  } catch (error) {
    key.wipe();
    throw error;
  }
}

async function openSigningKey(secret: SigningSecret, { scope }: SignatureClaim): Promise<SecretBytes> {
  const opened = await secret.openSecret();
  try {
    return deriveSigningKey(opened, scope);
  } finally {
    opened.wipe();
  }
}

/** @throws SigV4Error `SignatureDoesNotMatch` */
function payloadSignedWith(key: SecretBytes, checked: CheckedClaim): VerifiedPayload {
  const { claim, mode } = checked;
  const mismatch = mismatchOf(checked, key);
  if (mismatch !== undefined) throw signatureDoesNotMatch(claim, mismatch);
  if (mode.kind !== 'aws-chunked') return mode;
  const { timestamp, scope, signature: seed } = claim;
  const signatures = mode.signed
    ? new ChunkSignatures(
        key.expose((bytes) => SecretBytes.copyOf(bytes)),
        { timestamp, scope, seed },
      )
    : undefined;
  return { kind: 'aws-chunked', trailer: mode.trailer, signatures };
}

/**
 * Undefined if the signature is right, else the string that was to be signed. Some old clients sign the path as they
 * send it, `%2F` and all; that is taken too.
 */
function mismatchOf({ head, claim }: CheckedClaim, key: SecretBytes): string | undefined {
  const canonical = canonicalPath(head.path);
  const expected = stringFor(head, claim, canonical);
  if (sameSignature(signatureOf(key, expected), claim.signature)) return undefined;
  if (head.path === canonical) return expected;
  const asSent = stringFor(head, claim, head.path);
  return sameSignature(signatureOf(key, asSent), claim.signature) ? undefined : expected;
}

function stringFor(head: RequestHead, claim: SignatureClaim, path: string): string {
  return stringToSign(canonicalText(head, claim, path), claim.timestamp, claim.scope);
}

function signatureDoesNotMatch(claim: SignatureClaim, stringToBeSigned: string): SigV4Error {
  const bytes = Array.from(stringToBeSigned, (character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
  return new SigV4Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: stringToBeSigned,
      SignatureProvided: claim.signature,
      StringToSignBytes: bytes.join(' '),
    },
  );
}
