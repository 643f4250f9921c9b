import {
  fromQuery,
  operations,
  parseDownloadPath,
  parseRequest,
  tokenParameter,
  wipeRequest,
  type DownloadRow,
  type ExtensionRow,
  type FieldRow,
  type JsonRow,
  type OperationRow,
  type UploadRow,
} from '@coffer/b2-schema';
import type { HttpRequest, HttpResponse } from '@coffer/http';
import { authenticate, type GrantAuthorization } from './access/authenticate.ts';
import { authorizationHeader } from './access/authorization-header.ts';
import { checkAccount, checkFieldCapabilities, type Fields } from './access/fields.ts';
import { checkScope } from './access/scope.ts';
import { referenceInFields } from './cors/bucket-reference.ts';
import { isCrossOrigin } from './cors/cross-origin-answer.ts';
import { keyIdOf, readerOf } from './download/reader.ts';
import { badRequest, notFound } from './errors/b2-error.ts';
import type { Call, DownloadCall, UploadCall } from './operations/handler.ts';
import { handlers } from './operations/handlers.ts';
import type { B2Options } from './options.ts';
import { bucketInRequest } from './request/bucket-in-request.ts';
import { readJson } from './request/json-body.ts';
import { rowsAskedFor, type LargePages } from './request/large-pages.ts';
import { readQuery } from './request/query.ts';
import { orRefuse } from './request/refusal.ts';
import type { RequestRecord } from './request/request-record.ts';
import { jsonResponse } from './request/responses.ts';
import type { B2Route, Route } from './request/route.ts';
import { checkTransport } from './request/secure-transport.ts';
import { disturbUpload } from './test-mode/disturb-upload.ts';
import type { UploadTokensInUse } from './upload/tokens-in-use.ts';
import { uploadBody, type ContentHeaders } from './upload/upload-content.ts';

/** A request whose operation is known. */
export interface Incoming {
  readonly options: B2Options;
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  readonly route: Route;
  /** Shared by all requests of one handler, as is `uploadTokens`. */
  readonly largePages: LargePages;
  readonly uploadTokens: UploadTokensInUse;
}

/** Runs the operation that a route names: authenticate, parse, authorise, handle, encode. */
export function dispatch(incoming: Incoming): Promise<HttpResponse> {
  const { route } = incoming;
  if (route.extension !== undefined) return runJson(incoming, route.extension.row, route.extension.handle);
  const row: OperationRow = operations[route.operation];
  switch (row.kind) {
    case 'json':
      return runJson(incoming, row, handlerOf(route) as RunJson);
    case 'upload':
      return runUpload(incoming, row, handlerOf(route) as RunUpload);
    case 'download':
      return runDownload(incoming, row, handlerOf(route) as RunDownload);
  }
}

/**
 * The handler of the route's operation. Its type depends on the operation's name, which is known only at run time, so
 * it is `unknown` here. The type of the table ensures that each handler fits the row of its operation.
 */
function handlerOf(route: B2Route): unknown {
  return handlers[route.operation];
}

type RunJson = (input: object, call: Call) => Promise<object>;
type RunUpload = (input: object, call: UploadCall) => Promise<object>;
type RunDownload = (input: object, call: DownloadCall) => Promise<HttpResponse>;

async function runJson(incoming: Incoming, row: JsonRow | ExtensionRow, handle: RunJson): Promise<HttpResponse> {
  const call = await authenticatedCall(incoming, grantAuthorizationOf(row));
  const input = orRefuse(parseRequest(row, await readFields(incoming, row), incoming.route.version));
  return withInput(input, async () => {
    await authorise(incoming, row, call, input);
    return incoming.largePages.make(rowsAskedFor(input), call.request.signal, async () => {
      const made = await handle(input, call);
      incoming.record.bucketId ??= bucketInRequest(made, undefined);
      return jsonResponse(made);
    });
  });
}

async function runUpload(incoming: Incoming, row: UploadRow, handle: RunUpload): Promise<HttpResponse> {
  const call = await authenticatedCall(incoming, grantAuthorizationOf(row));
  // The call was authenticated, so it has a token.
  const token = authorizationHeader(incoming.request.headers) ?? '';
  return incoming.uploadTokens.during(token, () => runOnlyUpload(incoming, row, call, handle));
}

/** Runs an upload while no other upload uses its token. */
async function runOnlyUpload(incoming: Incoming, row: UploadRow, call: Call, handle: RunUpload): Promise<HttpResponse> {
  const { record, request, route } = incoming;
  const input = orRefuse(row.request.parse(request.headers.pairs));
  return withInput(input, async () => {
    await authorise(incoming, row, call, input);
    const body = uploadBody(request, record, input as ContentHeaders);
    await disturbUpload(call.options, request);
    const uploadCall: UploadCall = { ...call, target: route.uploadTarget ?? '', body };
    return jsonResponse(await handle(input, uploadCall));
  });
}

async function runDownload(incoming: Incoming, row: DownloadRow, handle: RunDownload): Promise<HttpResponse> {
  const { options, record, request, route } = incoming;
  // The query of a POST has no fields; in a download URL it may have the token.
  const isWithoutQuery = request.method === 'POST' && route.downloadPath === undefined;
  const pairs = readQuery(isWithoutQuery ? undefined : route.query);
  // Checked before the body is read: a caller whose token is refused must not make the server read a body.
  const early = request.method === 'POST' ? await readerOf(options.storage, tokenOf(request, row, pairs)) : undefined;
  record.keyId = early === undefined ? null : keyIdOf(early);
  // Read before the token is checked (unless that was done above), because the fields say which bucket's CORS rules
  // apply to the answer, even to one that refuses the token.
  const fields = await readDownloadFields(incoming, row);
  if (isCrossOrigin(request)) record.about ??= referenceInFields(route.operation, fields) ?? null;
  const reader = early ?? (await readerOf(options.storage, tokenOf(request, row, pairs)));
  record.keyId = keyIdOf(reader);
  const input = orRefuse(parseRequest(row, fields, route.version));
  return withInput(input, () => {
    checkTransport(options, request.peer, input);
    const call: DownloadCall = { options, storage: options.storage, request, version: route.version, record, reader };
    return handle(input, call);
  });
}

/** Runs a request and wipes its customer keys afterwards, whether it succeeds or fails. */
async function withInput<T>(input: object, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    wipeRequest(input);
  }
}

async function authenticatedCall(incoming: Incoming, authorization: GrantAuthorization): Promise<Call> {
  const { options, record, request, route } = incoming;
  const { uploadTarget, version } = route;
  const grant = await authenticate(options.storage, authorization, { headers: request.headers, uploadTarget });
  record.keyId = grant.key.applicationKeyId;
  const storage = options.storage.ofAccount(grant.accountId);
  return { options, storage, request, version, record, grant };
}

function grantAuthorizationOf({ authorization }: JsonRow | UploadRow | ExtensionRow): GrantAuthorization {
  if (authorization.by === 'download') throw new TypeError('Only downloads are authorised as downloads');
  return authorization;
}

/**
 * Refuses what can be refused before the operation runs: fields that need further capabilities, another account, and
 * what lies outside the key's restrictions.
 */
async function authorise(
  incoming: Incoming,
  row: JsonRow | UploadRow | ExtensionRow,
  call: Call,
  input: object,
): Promise<void> {
  const fields = input as Fields;
  const { grant, storage, version } = call;
  call.record.bucketId = bucketInRequest(input, incoming.route.uploadTarget);
  checkTransport(call.options, call.request.peer, input);
  checkFieldCapabilities(row.fieldCapabilities, fields, grant);
  checkAccount(fields, grant);
  await checkScope(row.scope, { storage, version, grant, input: fields, uploadTarget: incoming.route.uploadTarget });
}

async function readFields(incoming: Incoming, row: FieldRow): Promise<unknown> {
  const { options, record, request, route } = incoming;
  if ('ignoresBody' in row) return {};
  if (request.method === 'POST') {
    const { jsonTimeoutMs: timeoutMs } = options;
    return readJson(record.body, { declared: request.contentLength, ...(timeoutMs !== undefined && { timeoutMs }) });
  }
  return orRefuse(fromQuery(row, readQuery(route.query)));
}

/**
 * The fields of a download; in a download URL the path has the names, and unknown query parameters are ignored. The
 * JSON of a POST to a download URL has the rest (B2 docs `b2_download_file_by_name`), and need not repeat the names.
 */
async function readDownloadFields(incoming: Incoming, row: DownloadRow): Promise<unknown> {
  const { downloadPath, query } = incoming.route;
  if (downloadPath === undefined) return readFields(incoming, row);
  const names = namesIn(downloadPath);
  if (incoming.request.method === 'POST') return withNames(await readFields(incoming, row), names);
  const known = readQuery(query).filter(([name]) => Object.hasOwn(row.request.shape, name));
  return { ...orRefuse(fromQuery(row, known)), ...names };
}

/** What a download URL names. */
interface DownloadNames {
  readonly bucketName: string;
  readonly fileName: string;
}

/**
 * The JSON, completed with the names of the URL. Names in the JSON that differ from the URL's are refused, since one of
 * the two would have to be ignored.
 */
function withNames(json: unknown, names: DownloadNames): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const given = json as Readonly<Partial<Record<keyof DownloadNames, unknown>>>;
  for (const field of ['bucketName', 'fileName'] as const) {
    const value = given[field] ?? names[field];
    if (value !== names[field]) throw badRequest(`${field} must be the one in the URL`);
  }
  return { ...json, ...names };
}

function namesIn(downloadPath: string): DownloadNames {
  const slash = downloadPath.indexOf('/');
  if (slash <= 0 || slash === downloadPath.length - 1) throw notFound();
  const names = parseDownloadPath(downloadPath);
  if (names === undefined) throw badRequest('The file name is not valid percent-encoded UTF-8');
  return names;
}

/** The token of a download: in the header, or, where the row allows it, in the query. */
function tokenOf(
  request: HttpRequest,
  row: DownloadRow,
  pairs: readonly (readonly [name: string, value: string])[],
): string | undefined {
  const inQuery = row.tokenInQuery ? pairs.find(([name]) => name === tokenParameter)?.[1] : undefined;
  const token = authorizationHeader(request.headers) ?? inQuery;
  return token === '' ? undefined : token;
}
