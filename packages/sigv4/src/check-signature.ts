import { SecretBytes, SecretString, encodeHex } from '@coffer/bytes';
import type { RequestHead } from './request/raw-request.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import { canonicalPath } from './request/uri-encoding.ts';
import type { SignatureClaim } from './schemes/signature-claim.ts';
import { canonicalText, stringToSign } from './signature/canonical-request.ts';
import { ChunkSignatures } from './signature/chunk-signatures.ts';
import type { PayloadMode } from './signature/payload-mode.ts';
import { deriveSigningKey, sameSignature, signatureWith, type CredentialScope } from './signature/signing-key.ts';
import type { SigningKeyCache } from './signature/signing-key-cache.ts';
import type { SigningSecret, VerifiedPayload } from './verified-request.ts';

/** No line feed, which would be taken for the end of the path in a canonical request. */
const printable = /^[\x21-\x7e\x80-\xff]+$/;

/** What of a claim is known beside its signature. */
export interface CheckedClaim {
  readonly head: RequestHead;
  readonly claim: SignatureClaim;
  readonly mode: PayloadMode;
}

/** Who has signed, as it says, and within which scope. */
type Signatory = Pick<SignatureClaim, 'accessKeyId' | 'scope'>;

/**
 * Takes as long as a wrong signature of a key whose signing key is not cached.
 *
 * @param check Compares the signature; what comes of it is of no account.
 * @throws SigV4Error `InvalidAccessKeyId`
 */
export function refuseUnknownKey({ accessKeyId, scope }: Signatory, check: (key: SecretBytes) => unknown): never {
  const nobodys = SecretBytes.random(16);
  const secret = SecretString.of(nobodys.expose(encodeHex));
  const key = deriveSigningKey(secret, scope);
  check(key);
  for (const one of [nobodys, secret, key]) one.wipe();
  throw new SigV4Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: accessKeyId,
  });
}

/**
 * What `use` makes with the signing key, in which it throws unless the signature is right. Only what has signed rightly
 * gets its signing key cached, so that strangers cannot push out the keys of others.
 *
 * @throws what `use` and `openSecret` throw.
 */
export async function withSigningKey<T>(
  cache: SigningKeyCache,
  { accessKeyId, scope }: Signatory,
  secret: SigningSecret,
  use: (key: SecretBytes) => T,
): Promise<T> {
  // Nothing is awaited between the look into the cache and the use of what was there: it could be wiped meanwhile.
  const cached = cache.get(accessKeyId, scope, secret.version);
  if (cached !== undefined) return use(cached);
  const key = await openSigningKey(secret, scope);
  try {
    const used = use(key);
    cache.put(accessKeyId, scope, secret.version, key);
    return used;
  } catch (error) {
    key.wipe();
    throw error;
  }
}

async function openSigningKey(secret: SigningSecret, scope: CredentialScope): Promise<SecretBytes> {
  const opened = await secret.openSecret();
  try {
    return deriveSigningKey(opened, scope);
  } finally {
    opened.wipe();
  }
}

/**
 * The payload of a request whose signature is right.
 *
 * @throws SigV4Error `SignatureDoesNotMatch`
 */
export function payloadSignedWith(key: SecretBytes, checked: CheckedClaim): VerifiedPayload {
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
export function mismatchOf({ head, claim }: CheckedClaim, key: SecretBytes): string | undefined {
  const canonical = canonicalPath(head.path);
  const expected = stringFor(head, claim, canonical);
  if (sameSignature(signatureWith(key, expected), claim.signature)) return undefined;
  if (head.path === canonical || !printable.test(head.path)) return expected;
  const asSent = stringFor(head, claim, head.path);
  return sameSignature(signatureWith(key, asSent), claim.signature) ? undefined : expected;
}

function stringFor(head: RequestHead, claim: SignatureClaim, path: string): string {
  return stringToSign(canonicalText(head, claim, path), claim.timestamp, claim.scope);
}

/** The refusal of a signature, with the string that was to be signed, a code unit per byte. */
export function signatureDoesNotMatch(
  claim: Pick<SignatureClaim, 'accessKeyId' | 'signature'>,
  stringToBeSigned: string,
): SigV4Error {
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
