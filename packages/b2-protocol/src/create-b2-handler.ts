import type { HttpHandler, HttpRequest, HttpResponse } from '@coffer/http';
import { StorageError } from '@coffer/storage-core';
import { referenceInUrl } from './cors/bucket-reference.ts';
import { crossOriginAnswer, isCrossOrigin } from './cors/cross-origin-answer.ts';
import { answerPreflight, isPreflight } from './cors/preflight.ts';
import { dispatch, type Incoming } from './dispatch.ts';
import { answerError } from './errors/answer-error.ts';
import type { B2Options, RefusedCredentials } from './options.ts';
import { LargePages } from './request/large-pages.ts';
import { RequestRecord } from './request/request-record.ts';
import { errorResponse } from './request/responses.ts';
import { checkMethod, routeOf } from './request/route.ts';
import { UploadTokensInUse } from './upload/tokens-in-use.ts';

/**
 * The B2 Native API, versions 1 to 4, over a storage: a function from requests to answers that never rejects. It
 * answers the paths `/b2api/…` and `/file/…`, and `/cofferapi/…` where it was given an extension; any other is
 * `not_found`.
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
 *   metadataSize: headerMetadataSize,
 * });
 * const url = 'http://localhost:8080';
 * const handler = createB2Handler({
 *   storage,
 *   clock: systemClock,
 *   random: systemRandom,
 *   origins: () => ({ apiUrl: url, downloadUrl: url, s3ApiUrl: url }),
 *   recommendedPartSize: 100_000_000,
 * });
 * const answer = await handler(testRequest({ target: '/b2api/v4/b2_authorize_account' }));
 * assert.equal(answer.status, 401);
 * ```
 */
export function createB2Handler(options: B2Options): HttpHandler {
  const ofThisHandler = { largePages: new LargePages(), uploadTokens: new UploadTokensInUse() };
  return async (request) => {
    const record = new RequestRecord(options, request);
    try {
      const response = await answer(options, request, record, ofThisHandler);
      return record.answer(await crossOriginAnswer(options, request, record, response), null);
    } catch (error) {
      const answered = answerError(error);
      record.refusedCredentials = refusedCredentials(error);
      record.deliberate = answered.deliberate;
      // What fails because the client went away is no fault of the server.
      if (answered.status >= 500 && !answered.deliberate && !request.signal.aborted) record.report(error);
      const response = await slowedDown(options, request, record, errorResponse(answered, request, record));
      return record.answer(await crossOriginAnswer(options, request, record, response), answered.code);
    }
  };
}

const refusals: ReadonlySet<string> = new Set<RefusedCredentials>([
  'bad_credentials',
  'token_invalid',
  'token_expired',
]);

function refusedCredentials(error: unknown): RefusedCredentials | null {
  return StorageError.is(error) && refusals.has(error.code) ? (error.code as RefusedCredentials) : null;
}

/** The answer, once `onRefusedCredentials` lets it go: a client that guesses keys or tokens may have to wait for it. */
async function slowedDown(
  { onRefusedCredentials }: B2Options,
  request: HttpRequest,
  { refusedCredentials: reason }: RequestRecord,
  response: HttpResponse,
): Promise<HttpResponse> {
  // An expired token was valid before, so its client is not guessing.
  if (reason === null || reason === 'token_expired' || onRefusedCredentials === undefined) return response;
  const isToBeClosed = await onRefusedCredentials(request);
  return isToBeClosed ? { ...response, headers: [...response.headers, ['Connection', 'close']] } : response;
}

async function answer(
  options: B2Options,
  request: HttpRequest,
  record: RequestRecord,
  ofThisHandler: Pick<Incoming, 'largePages' | 'uploadTokens'>,
): Promise<HttpResponse> {
  const route = routeOf(request.target, options.extension);
  record.operation = route.operation;
  record.version = route.downloadPath === undefined && route.extension === undefined ? route.version : null;
  if (isPreflight(request, route)) return answerPreflight(options, request, route);
  if (isCrossOrigin(request)) record.about = referenceInUrl(route) ?? null;
  checkMethod(route, request.method);
  return dispatch({ options, request, record, route, ...ofThisHandler });
}
