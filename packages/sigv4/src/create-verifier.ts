import { headOf, type RawRequest, type RequestHead } from './request/raw-request.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import { schemeOf, type AuthenticationScheme } from './schemes/authentication-scheme.ts';
import { parseAuthorizationHeader } from './schemes/authorization-header.ts';
import { parsePresignedParameters } from './schemes/presigned-parameters.ts';
import { headersInQuery } from './schemes/query-headers.ts';
import { requireSigned } from './schemes/signed-headers.ts';
import type { ClaimRules } from './schemes/signature-claim.ts';
import { parsePolicyFields, type FormField } from './schemes/policy-fields.ts';
import {
  mismatchOf,
  payloadSignedWith,
  refuseUnknownKey,
  withSigningKey,
  type CheckedClaim,
} from './check-signature.ts';
import { policyMismatch, requirePolicySignature } from './policy-signature.ts';
import { parsePayloadMode } from './signature/payload-mode.ts';
import { SigningKeyCache } from './signature/signing-key-cache.ts';
import type { AnonymousRequest, SignedForm, SignedRequest, SigningSecret } from './verified-request.ts';

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
  /**
   * Says who signed the policy of a browser's form ("Browser-Based Uploads Using POST (AWS Signature Version 4)",
   * Amazon S3 API Reference), from the fields of the form, whose names are compared without regard to case. What the
   * policy demands is not looked at. `anonymous`: no field says that anybody signed, whether there is a policy or not.
   *
   * @throws SigV4Error for a form whose fields say so wrongly, or whose policy is signed wrongly.
   */
  verifyPolicy(form: { readonly fields: Iterable<FormField> }): Promise<SignedForm<Secret> | { kind: 'anonymous' }>;
  /** Wipes the cached signing keys of a key id. `SigningSecret.version` alone is enough for correctness. */
  invalidate(accessKeyId: string): void;
  /** Wipes all cached signing keys. The verifier can still be used. */
  clear(): void;
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
      if (secret === undefined) return refuseUnknownKey(claim, (key) => mismatchOf(checked, key));
      const payload = await withSigningKey(cache, claim, secret, (key) => payloadSignedWith(key, checked));
      const { accessKeyId, scope } = claim;
      const headers = inQuery.length === 0 ? received : [...received, ...inQuery];
      return { kind: scheme.kind, accessKeyId, secret, region: scope.region, headers, payload };
    },
    async verifyPolicy({ fields }) {
      const claim = parsePolicyFields(fields, { regions: options.regions, now: now() });
      if (claim === undefined) return { kind: 'anonymous' };
      const { accessKeyId, scope } = claim;
      const secret = await options.lookup(accessKeyId);
      if (secret === undefined) return refuseUnknownKey(claim, (key) => policyMismatch(key, claim));
      await withSigningKey(cache, claim, secret, (key) => {
        requirePolicySignature(key, claim);
      });
      return { kind: 'form', accessKeyId, secret, region: scope.region };
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
