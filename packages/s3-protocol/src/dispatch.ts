import { HeaderList, type HttpResponse } from '@coffer/http';
import {
  isSupportedName,
  invalidRequest,
  readRequest,
  receiveDocument,
  refusedOperation,
  s3Operations,
  selectOperation,
  type DocumentOf,
  type S3OperationName,
  type S3Request,
  type Selection,
  type SupportedName,
  type SupportedRow,
} from '@coffer/s3-schema';
import type { Verifier } from '@coffer/sigv4';
import { wipeEncryption } from '@coffer/sse-schema';
import type { AccountStorage, Storage } from '@coffer/storage-core';
import { authenticate, refuseSession, type KeySecret, type Verified } from './access/authenticate.ts';
import { requireBucket, requireCapabilities, requireListedPrefix, requireOwner } from './access/authorize.ts';
import type { Caller } from './access/caller.ts';
import { requireKnownBucket } from './access/known-bucket.ts';
import { checkedDocument, documentClaims, requireIntegrity } from './body/checked-document.ts';
import { RequestBody } from './body/request-body.ts';
import { answerPreflight } from './cors/preflight.ts';
import { handlers } from './operations/handlers.ts';
import type { CommonCall } from './operations/handler.ts';
import type { Incoming, Named } from './request/incoming.ts';

/** A request whose operation and caller are known. */
interface Admitted extends Named {
  readonly incoming: Incoming;
  readonly verifier: Verifier<KeySecret>;
  readonly verified: Verified;
  readonly caller: Caller;
  /** All header lines, and what a presigned URL has in their place. */
  readonly headers: HeaderList;
}

/** Runs the operation that a request means: find it, authenticate, read, authorise, handle. */
export async function dispatch(incoming: Incoming, verifier: Verifier<KeySecret>): Promise<HttpResponse> {
  const { request, record } = incoming;
  const named = incoming.read();
  if (request.method === 'OPTIONS') return answerPreflight(incoming, named);
  const shown = select(incoming, named, request.headers);
  // For the log, also of a request whose signature is refused.
  record.operation = shown.kind === 'operation' ? shown.name : null;
  refuseSession(named.query, request.headers);
  const verified = await authenticate(verifier, request, incoming.options);
  const headers = verified.kind === 'presigned' ? new HeaderList(verified.headers) : request.headers;
  const caller = callerOf(verified);
  if (caller.kind === 'key') record.keyId = caller.grant.key.applicationKeyId;
  const admitted: Admitted = { ...named, incoming, verifier, verified, caller, headers };
  const selection = verified.kind === 'presigned' ? select(incoming, named, headers) : shown;
  if (selection.kind === 'refused') throw selection.error;
  const name = selection.kind === 'preflight' ? undefined : selection.name;
  if (name === undefined) return answerPreflight(incoming, named);
  record.operation = name;
  return isSupportedName(name) ? perform(admitted, name, s3Operations[name]) : refuse(admitted, name);
}

function select({ request }: Incoming, { bucketName, key, query }: Named, headers: HeaderList): Selection {
  return selectOperation({ method: request.method, bucket: bucketName, key, query, headers });
}

function callerOf(verified: Verified): Caller {
  return verified.kind === 'anonymous' ? verified : { kind: 'key', grant: verified.secret.grant };
}

/** An operation that is not performed is refused once the caller may know of the bucket. */
async function refuse({ incoming, caller, bucketName, key }: Admitted, name: S3OperationName): Promise<never> {
  const row = s3Operations[name];
  if (row.isSupported) throw new TypeError(`${name} is performed`);
  await requireKnownBucket(incoming.options.storage, caller, { bucketName, key });
  throw refusedOperation(row, bucketName ?? '');
}

async function perform(admitted: Admitted, name: SupportedName, row: SupportedRow): Promise<HttpResponse> {
  const { incoming, verified, headers, query } = admitted;
  const { record, request, isSecure } = incoming;
  const body = new RequestBody(verified, record, request.contentLength);
  try {
    requirePayload(row, verified);
    const input = readRequest(name, { query, headers, isSecure });
    try {
      return await performRead(admitted, name, row, input, body);
    } finally {
      wipeEncryption(input.encryption.target);
      wipeEncryption(input.encryption.source);
    }
  } finally {
    body.release();
  }
}

function requirePayload({ payloads }: SupportedRow, verified: Verified): void {
  if (verified.kind === 'anonymous' || verified.payload.kind !== 'aws-chunked') return;
  if (!payloads.some((mode) => mode.startsWith('STREAMING-'))) {
    throw invalidRequest('The value of x-amz-content-sha256 header is invalid.');
  }
}

/**
 * The handler of an operation. Its type depends on the operation's name, which is known only at run time. The type of
 * the table ensures that each handler fits the row of its operation.
 */
type Run = (call: object) => Promise<HttpResponse>;

async function performRead<Name extends SupportedName>(
  admitted: Admitted,
  name: Name,
  row: SupportedRow,
  input: S3Request<Name>,
  body: RequestBody,
): Promise<HttpResponse> {
  const { incoming, caller, headers, query, verifier } = admitted;
  const { options, request, record } = incoming;
  const common: Omit<CommonCall<Name>, 'document'> = {
    options,
    storage: storageOf(options.storage, row, caller),
    request,
    record,
    row,
    input,
    headers,
    query,
    body,
    caller,
    isSecure: incoming.isSecure,
  };
  const run = handlers[name] as unknown as Run;
  if (name === 'PostObject') return run({ ...common, verifier, bucketName: admitted.bucketName });
  requireCapabilities(row, caller, { query, headers });
  const place = await placeOf(admitted, row, input);
  const document = await documentOf(incoming, name, row, input, body);
  return run({ ...common, ...place, document });
}

/** What everybody may read in a public bucket may lie in any account. */
function storageOf(storage: Storage, row: SupportedRow, caller: Caller): AccountStorage {
  return caller.kind === 'anonymous' || row.isOpenInPublicBucket ? storage : storage.ofAccount(caller.grant.accountId);
}

/** The bucket and the key that a request is about, as the handlers of the row's level take them. */
async function placeOf(admitted: Admitted, row: SupportedRow, input: { query: object; headers: object }) {
  const { incoming, caller, headers, query, bucketName, key } = admitted;
  const grant = caller.kind === 'key' ? caller.grant : undefined;
  const { expectedOwner } = input.headers as { readonly expectedOwner?: string };
  if (bucketName === undefined || row.name === 'CreateBucket') {
    if (grant !== undefined) requireOwner(expectedOwner, grant);
    return { grant, bucketName: bucketName ?? '' };
  }
  const asked = { row, caller, bucketName, key, headers, query };
  const bucket = await requireBucket(incoming.options.storage, asked);
  incoming.record.bucketId = bucket.bucketId;
  requireOwner(expectedOwner, bucket);
  if (row.restriction === 'listPrefix' && grant !== undefined) {
    requireListedPrefix(grant, (input.query as { readonly prefix?: string }).prefix ?? '');
  }
  return { grant, bucket, key };
}

async function documentOf<Name extends SupportedName>(
  { options }: Incoming,
  name: Name,
  row: SupportedRow,
  { headers }: { readonly headers: object },
  body: RequestBody,
): Promise<DocumentOf<Name> | undefined> {
  if (row.body.kind !== 'xml') return undefined;
  const claims = documentClaims(name, headers);
  if (options.b2Strict === true) requireIntegrity(name, claims);
  return receiveDocument(name, checkedDocument(body.stream, claims));
}
