import { randomBytes } from 'node:crypto';
import type { B2RequestEvent } from '@coffer/b2-protocol';
import type { HttpRequest } from '@coffer/http';
import type { S3RequestEvent } from '@coffer/s3-protocol';

/** A finished request of either protocol, as it is logged and counted. Names no file and no header, and no secret. */
export interface FinishedRequest extends Omit<
  B2RequestEvent,
  'operation' | 'version' | 'errorCode' | 'refusedCredentials' | 'deliberate'
> {
  /** Null where the request means no operation. */
  readonly operation: string | null;
  /** Of the B2 Native API; absent for S3. */
  readonly version?: B2RequestEvent['version'];
  /** Null for a success. */
  readonly errorCode: string | null;
  /** Why a key, a token or a signature was refused; null where none was. */
  readonly refusedCredentials: string | null;
  /** Whether test mode made the request fail. */
  readonly deliberate: boolean;
}

const refusals = {
  InvalidAccessKeyId: 'bad_credentials',
  SignatureDoesNotMatch: 'bad_signature',
} as const;

/** A request of S3 in the words of both protocols. */
export function finishedS3Request({ refusedSignature, ...event }: S3RequestEvent): FinishedRequest {
  const refusedCredentials = refusedSignature === null ? null : refusals[refusedSignature];
  return { ...event, refusedCredentials, deliberate: false };
}

/** How the answer to a request for a page ended. */
interface PageEnd {
  readonly bytesOut: number;
  readonly complete: boolean;
  readonly durationMs: number;
}

/** A request for a page of the web console, or for another file of it, in the same words. */
export function finishedPageRequest({ method, peer }: HttpRequest, status: number, end: PageEnd): FinishedRequest {
  return {
    requestId: randomBytes(12).toString('hex'),
    peer: peer.address,
    keyId: null,
    bucketId: null,
    refusedCredentials: null,
    operation: 'console_file',
    method,
    status,
    errorCode: null,
    bytesIn: 0,
    bytesOut: end.bytesOut,
    durationMs: end.durationMs,
    encryption: null,
    deliberate: false,
    incomplete: !end.complete,
  };
}
