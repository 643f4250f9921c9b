import { SigV4Error } from '../request/sigv4-error.ts';
import { sameSignature } from '../signature/signing-key.ts';

/** The refusal of a body whose framing or length is wrong. */
export function incompleteBody(): SigV4Error {
  return new SigV4Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

/** @throws SigV4Error `SignatureDoesNotMatch` */
export function requireChunkSignature(expected: string, given: string): void {
  if (sameSignature(expected, given)) return;
  throw new SigV4Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { SignatureProvided: given },
  );
}
