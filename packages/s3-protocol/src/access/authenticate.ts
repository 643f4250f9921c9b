import type { HeaderList, HttpRequest } from '@coffer/http';
import { S3Error, type QueryParameters } from '@coffer/s3-schema';
import {
  createVerifier,
  SigV4Error,
  type AnonymousRequest,
  type SignedRequest,
  type SigningSecret,
  type Verifier,
} from '@coffer/sigv4';
import type { Grant } from '@coffer/storage-core';
import type { S3Options } from '../options.ts';

/** The secret of an application key together with what the key may do. */
export interface KeySecret extends SigningSecret {
  readonly grant: Grant;
}

/** A request whose signature is right, or that names nobody. */
export type Verified = SignedRequest<KeySecret> | AnonymousRequest;

/** The id of an account is that of its master key, with which S3 cannot be used. */
const masterKeyId = /^[0-9a-f]{12}$/;

/**
 * The verifier of a handler's requests. The secret of a key is read for each request, so a deleted one ends at
 * once.
 */
export function requestVerifier({ storage, regions, clock }: S3Options): Verifier<KeySecret> {
  return createVerifier<KeySecret>({
    regions,
    now: () => clock.now(),
    lookup: async (accessKeyId) => {
      // Decided by the shape of the id, so that it does not tell which accounts there are (B2 docs "Application Keys":
      // the master application key cannot be used with the S3 Compatible API).
      if (masterKeyId.test(accessKeyId)) throw malformedKeyId(accessKeyId);
      const found = await storage.applicationKeys.forSigning(accessKeyId);
      return found === undefined || found.grant.key.master ? undefined : found;
    },
  });
}

function malformedKeyId(accessKeyId: string): S3Error {
  return new S3Error('InvalidAccessKeyId', {
    message: 'Malformed Access Key Id: the master application key cannot be used here, create an application key',
    details: { AWSAccessKeyId: accessKeyId },
  });
}

/**
 * There are no sessions here, so a token of one belongs to credentials of somewhere else.
 *
 * @throws S3Error `InvalidToken`
 */
export function refuseSession(query: QueryParameters, headers: HeaderList): void {
  if (headers.has('x-amz-security-token') || query.has('X-Amz-Security-Token')) throw new S3Error('InvalidToken');
}

/**
 * Says who makes a request.
 *
 * @throws SigV4Error for every failure of the signature; S3Error for a master key, and, where the server is to be as
 * strict as B2's, for another region.
 */
export async function authenticate(
  verifier: Verifier<KeySecret>,
  { method, target, headers }: HttpRequest,
  { b2Strict = false }: Pick<S3Options, 'b2Strict'>,
): Promise<Verified> {
  try {
    return await verifier.verify({ method, target, headers: headers.pairs });
  } catch (error) {
    // B2 refuses another region without saying which one is right, and clients then do not try again with that.
    if (b2Strict && error instanceof SigV4Error && 'Region' in error.details) throw new S3Error('AccessDenied');
    throw error;
  }
}
