import { SecretBytes, SecretString, encodeHex } from '@coffer/bytes';
import type { RequestHead } from './request/raw-request.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import { canonicalPath } from './request/uri-encoding.ts';
import type { SignatureClaim } from './schemes/signature-claim.ts';
import { canonicalText, stringToSign } from './signature/canonical-request.ts';
import { ChunkSignatures } from './signature/chunk-signatures.ts';
import type { PayloadMode } from './signature/payload-mode.ts';
import { deriveSigningKey, sameSignature, signatureWith } from './signature/signing-key.ts';
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

/**
 * Takes as long as a wrong signature of a key whose signing key is not cached.
 *
 * @throws SigV4Error `InvalidAccessKeyId`
 */
export function refuseUnknownKey(checked: CheckedClaim): never {
  const nobodys = SecretBytes.random(16);
  const secret = SecretString.of(nobodys.expose(encodeHex));
  const key = deriveSigningKey(secret, checked.claim.scope);
  mismatchOf(checked, key);
  for (const one of [nobodys, secret, key]) one.wipe();
  throw new SigV4Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: checked.claim.accessKeyId,
  });
}

/**
 * The payload of a request whose signature is right. Only what has signed rightly gets its signing key cached, so that
 * strangers cannot push out the keys of others.
 *
 * @throws SigV4Error `SignatureDoesNotMatch`, and what `openSecret` throws.
 */
export async function checkSignature(
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
  if (sameSignature(signatureWith(key, expected), claim.signature)) return undefined;
  if (head.path === canonical || !printable.test(head.path)) return expected;
  const asSent = stringFor(head, claim, head.path);
  return sameSignature(signatureWith(key, asSent), claim.signature) ? undefined : expected;
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
