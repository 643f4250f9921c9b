import { SecretString } from '@coffer/bytes';
import { createVerifier, type Verifier } from '../src/create-verifier.ts';
import type { RawRequest } from '../src/request/raw-request.ts';
import { SigV4Error } from '../src/request/sigv4-error.ts';
import type { Signer } from '../src/signer.ts';
import type { SigningSecret } from '../src/verified-request.ts';

/** A verifier that knows the one key of a signer, at the time of the signature or at another. */
export function verifierFor(signer: Signer, now = signer.now ?? 0): Verifier<SigningSecret> {
  return createVerifier({
    regions: [signer.region],
    now: () => now,
    lookup: (accessKeyId) =>
      Promise.resolve(
        accessKeyId === signer.accessKeyId ? { version: '1', openSecret: () => copyOf(signer) } : undefined,
      ),
  });
}

/** The verifier wipes what it gets. */
export function copyOf({ secret }: Pick<Signer, 'secret'>): SecretString {
  return secret.exposeBytes((bytes) => SecretString.copyOfUtf8(bytes));
}

/** The refusal of a request; fails for one that is accepted, and for any other error. */
export function refusalOf(request: RawRequest, verifier: Verifier<SigningSecret>): Promise<SigV4Error> {
  return refusalIn(verifier.verify(request));
}

/** What a verification refuses with; fails if it does not, and for any other error. */
export async function refusalIn(verification: Promise<unknown>): Promise<SigV4Error> {
  try {
    await verification;
  } catch (error) {
    if (error instanceof SigV4Error) return error;
    throw error;
  }
  throw new TypeError('The request was accepted');
}
