import type { HttpHandler, HttpRequest, HttpResponse } from '@coffer/http';
import { S3Error } from '@coffer/s3-schema';
import { StorageError } from '@coffer/storage-core';
import { requestVerifier } from './access/authenticate.ts';
import { crossOriginAnswer } from './cors/cross-origin-answer.ts';
import { dispatch } from './dispatch.ts';
import { answerError } from './errors/answer-error.ts';
import type { RefusedSignature, S3Options } from './options.ts';
import { Incoming } from './request/incoming.ts';
import { RequestRecord } from './request/request-record.ts';
import { errorResponse, strictTransport } from './request/responses.ts';

/**
 * The S3 Compatible API over a storage: a function from requests to answers that never rejects. Every path is a bucket
 * or an object, so a server that has other paths as well asks this handler last.
 *
 * @example
 * ```ts
 * const key = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) };
 * const storage = createStorage({
 *   metadata: createMemoryMetadataStore(),
 *   blobs: createMemoryBlobStore(),
 *   keys: new MemoryKeyProvider([key]),
 *   clock: systemClock,
 *   random: systemRandom,
 *   metadataSize,
 * });
 * const handler = createS3Handler({
 *   storage,
 *   clock: systemClock,
 *   random: systemRandom,
 *   regions: ['us-east-1'],
 *   origin: () => 'http://localhost:9000',
 * });
 * const answer = await handler(testRequest({ target: '/' }));
 * assert.equal(answer.status, 403);
 * ```
 */
export function createS3Handler(options: S3Options): HttpHandler {
  const verifier = requestVerifier(options);
  return async (request) => {
    const record = new RequestRecord(options, request);
    const incoming = new Incoming(options, request, record);
    try {
      const response = withTransport(request, await dispatch(incoming, verifier));
      return record.answer(await crossOriginAnswer(incoming, response), null);
    } catch (error) {
      const answered = asStrictAs(options, answerError(error, incoming.subject));
      record.refusedSignature = refusedSignature(answered);
      // What fails because the client went away is no fault of the server.
      if (answered.status >= 500 && answered.code === 'InternalError' && !request.signal.aborted) record.report(error);
      const status = StorageError.is(error, 'customer_key_wrong')
        ? (options.wrongCustomerKeyStatus ?? answered.status)
        : answered.status;
      const response = withTransport(request, errorResponse(answered, status, request, record));
      const slowed = await slowedDown(options, request, record, response);
      return record.answer(await crossOriginAnswer(incoming, slowed), answered.code);
    }
  };
}

/** Backblaze's service does not say which region is the right one. */
function asStrictAs({ b2Strict = false }: S3Options, error: S3Error): S3Error {
  return b2Strict && error.details.Region !== undefined ? new S3Error('AccessDenied') : error;
}

const refusals: ReadonlySet<string> = new Set<RefusedSignature>(['InvalidAccessKeyId', 'SignatureDoesNotMatch']);

function refusedSignature({ code }: S3Error): RefusedSignature | null {
  return refusals.has(code) ? (code as RefusedSignature) : null;
}

/** The answer, once `onRefusedSignature` lets it go: a client that guesses keys may have to wait for it. */
async function slowedDown(
  { onRefusedSignature }: S3Options,
  request: HttpRequest,
  record: RequestRecord,
  response: HttpResponse,
): Promise<HttpResponse> {
  if (record.refusedSignature === null || onRefusedSignature === undefined) return response;
  const isToBeClosed = await onRefusedSignature(request);
  return isToBeClosed ? { ...response, headers: [...response.headers, ['Connection', 'close']] } : response;
}

function withTransport({ peer }: HttpRequest, response: HttpResponse): HttpResponse {
  return peer.secure ? { ...response, headers: [...response.headers, strictTransport] } : response;
}
