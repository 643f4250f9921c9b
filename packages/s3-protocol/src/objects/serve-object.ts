import { beginReading, formatContentRange, trackAnswer, type HeaderPair, type HttpResponse } from '@coffer/http';
import { checkReadQuery, objectHeaders } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import { coversBucket, coversName, type FileVersion, type OpenFile } from '@coffer/storage-core';
import type { ReadCall } from '../operations/handler.ts';
import { findVersion, markerRefusal } from './find-version.ts';
import { answerConditions } from './read-conditions.ts';
import { selectBytes, type SelectedBytes } from './selected-bytes.ts';
import { checksumView, entityTagOf, retentionView, type ChecksumView } from './views.ts';

type Call = ReadCall<'GetObject'> | ReadCall<'HeadObject'>;

/**
 * Whoever stored an object chose its type; a browser that guesses another one could run it as a page of this
 * origin.
 */
const noSniff: HeaderPair = ['X-Content-Type-Options', 'nosniff'];

/**
 * The answer with an object's bytes, or with their headers only. Checked in this order: whether the version is there,
 * the customer key, the conditions, the range. So neither conditions nor ranges tell anything to somebody without the
 * key.
 */
export async function serveObject(call: Call): Promise<HttpResponse> {
  const { bucket, key, caller, record, storage } = call;
  const { query, headers, encryption } = call.input;
  checkReadQuery(query, { range: headers.range, isAnonymous: caller.kind === 'anonymous' });
  const version = await findVersion(storage, {
    bucket,
    key,
    versionId: query.versionId,
    ofMarker: markerRefusal(call.request),
  });
  record.encryption = version.encryption.mode;
  const open = await storage.reads.open(version, encryption.target);
  try {
    return await serveOpened(call, version, open);
  } catch (error) {
    open.close();
    throw error;
  }
}

async function serveOpened(call: Call, version: FileVersion, open: OpenFile): Promise<HttpResponse> {
  const { headers, options, request, storage } = call;
  const etag = await entityTagOf(storage, version);
  const conditions = { method: request.method, headers };
  const instead = answerConditions(conditions, { version, etag }, options.clock.now());
  if (instead !== undefined) {
    open.close();
    return instead;
  }
  const { partNumber } = call.input.query;
  const selected = await selectBytes({ storage, options, headers, version, etag, partNumber });
  const lines = await headerLines(call, version, etag, selected);
  const { range, status } = selected;
  if (request.method === 'HEAD') {
    open.close();
    return { status, headers: [...lines, ['Content-Length', String(range.length)]] };
  }
  const stream = trackAnswer(open.read(range, request.signal), () => {
    open.close();
  });
  return { status, headers: lines, body: { stream: await beginReading(stream, range.length), length: range.length } };
}

async function headerLines(
  call: Call,
  version: FileVersion,
  etag: string,
  selected: SelectedBytes,
): Promise<HeaderPair[]> {
  const { input } = call;
  const { range, status, part } = selected;
  const lines = objectHeaders({
    etag,
    versionId: version.fileId,
    lastModified: version.uploadTimestamp,
    contentType: version.contentType,
    fileInfo: version.fileInfo,
    encryption: viewOf(version.encryption.mode, input.encryption.target),
    ...(await checksumOf(call, version, selected)),
    partsCount: part?.count,
    retention: mayKnow(call, 'readFileRetentions') ? retentionView(version) : undefined,
    legalHold: mayKnow(call, 'readFileLegalHolds') ? (version.legalHold ?? undefined) : undefined,
    overrides: input.query.overrides,
  });
  return status === 206
    ? [...lines, noSniff, ['Content-Range', formatContentRange(range, version.size)]]
    : [...lines, noSniff];
}

/** Whether the key has the capability here: in a public bucket, keys for other places read as everybody does. */
function mayKnow({ bucket, grant, key }: Call, capability: string): boolean {
  return (
    grant !== undefined &&
    grant.capabilities.has(capability) &&
    grant.accountId === bucket.accountId &&
    coversBucket(grant, bucket.bucketId) &&
    coversName(grant, key)
  );
}

/**
 * The checksum of what is sent: of the whole object or of a part, never of another range, which clients would
 * check.
 */
async function checksumOf(
  { input, storage }: Call,
  version: FileVersion,
  { range, part }: SelectedBytes,
): Promise<ChecksumView> {
  if (!input.headers.checksumMode) return checksumView(null, null);
  if (part !== undefined && range.length < version.size) return checksumView(part.furtherChecksum, null);
  if (range.length < version.size) return checksumView(null, null);
  return checksumView(await storage.reads.furtherChecksum(version), version.partCount);
}
