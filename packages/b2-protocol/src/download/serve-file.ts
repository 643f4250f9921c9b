import type { FileVersion } from '@coffer/storage-core';
import { downloadHeaders, mergeDownloadEncryption } from '@coffer/b2-schema';
import type { ByteRange, ByteStream } from '@coffer/bytes';
import {
  beginReading,
  formatContentRange,
  ifRangeHolds,
  parseRange,
  resolveRange,
  trackAnswer,
  type HeaderPair,
  type HttpRequest,
  type HttpResponse,
  type Validators,
} from '@coffer/http';
import { wipeEncryption, type EncryptionRequest } from '@coffer/sse-schema';
import { StorageError, type DownloadOverrides, type OpenFile } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { B2Error } from '../errors/b2-error.ts';
import { checkTransport } from '../request/secure-transport.ts';
import { orRefuse } from '../request/refusal.ts';
import type { DownloadCall } from '../operations/handler.ts';
import { downloadResponseHeaders } from './download-headers.ts';
import { checkOverridesSize } from './overrides.ts';

/** A file that the reader may have. */
export interface FoundFile {
  readonly bucket: BucketRecord;
  readonly version: FileVersion;
  readonly overrides: DownloadOverrides;
  /** The encryption in the JSON of the request. */
  readonly fromJson: EncryptionRequest | undefined;
}

/**
 * The answer with a file's bytes. Checked in this order: the syntax of the encryption parameters, whether a customer
 * key is needed, whether it is the right one, the range.
 */
export async function serveFile(call: DownloadCall, found: FoundFile): Promise<HttpResponse> {
  const given = readEncryption(call, found.fromJson);
  try {
    return await serveOpened(call, found, given);
  } finally {
    // The customer key is no longer needed: the opened file has its file key.
    wipeEncryption(given);
  }
}

/** The customer key of the request, from its headers or its JSON. */
function readEncryption(call: DownloadCall, fromJson: EncryptionRequest | undefined): EncryptionRequest | undefined {
  const { serverSideEncryption: fromHeaders } = orRefuse(downloadHeaders.parse(call.request.headers.pairs));
  const given = orRefuse(mergeDownloadEncryption(fromHeaders, fromJson));
  try {
    checkTransport(call.options, call.request.peer, { given });
  } catch (error) {
    wipeEncryption(given);
    throw error;
  }
  return given;
}

/** Refuses to hand out an encrypted file where the server keeps those to itself. */
function checkMayLeave({ options, request, record }: DownloadCall, { encryption }: FileVersion): void {
  const { encryptedFilesWithheld: reason } = options;
  if (reason === undefined || request.method === 'HEAD' || encryption.mode === 'none') return;
  record.encryption = encryption.mode;
  throw new B2Error('access_denied', reason, { status: 403 });
}

async function serveOpened(
  call: DownloadCall,
  { bucket, version, overrides }: FoundFile,
  given: EncryptionRequest | undefined,
): Promise<HttpResponse> {
  checkMayLeave(call, version);
  checkOverridesSize(overrides, version, bucket, call.storage.options);
  const open = isKeylessHead(call, version, given) ? undefined : await call.storage.reads.open(version, given);
  call.record.encryption = version.encryption.mode;
  try {
    const { range, status } = rangeOf(call.request, version.size);
    const download = { bucket, version, overrides, reader: call.reader, given, now: call.options.clock.now() };
    const headers: HeaderPair[] = downloadResponseHeaders(download);
    if (status === 206) headers.push(['Content-Range', formatContentRange(range, version.size)]);
    if (call.request.method === 'HEAD' || open === undefined) {
      open?.close();
      return { status, headers: [...headers, ['Content-Length', String(range.length)]] };
    }
    const stream = readAndClose(open, range, call.request.signal);
    return { status, headers, body: { stream: await beginReading(stream, range.length), length: range.length } };
  } catch (error) {
    open?.close();
    throw error;
  }
}

/** The metadata of a file under a customer key is not encrypted, so a server may answer HEAD without the key. */
function isKeylessHead(call: DownloadCall, { encryption }: FileVersion, given: EncryptionRequest | undefined) {
  const { allowKeylessHead = false } = call.options;
  return allowKeylessHead && call.request.method === 'HEAD' && encryption.mode === 'SSE-C' && given?.mode !== 'SSE-C';
}

/** A download has neither `ETag` nor `Last-Modified`, so no `If-Range` names what it is about to send. */
const validators: Validators = {};

/**
 * The bytes to send. What is not a single range of bytes is ignored, and so is a range under a condition that does not
 * hold (RFC 9110 section 13.1.5). A range that turns out to be the whole file is answered as the whole file (B2 docs
 * `b2_download_file_by_id`: 200 where the whole file is returned; the service does so for `bytes=0-`).
 */
function rangeOf({ headers }: HttpRequest, size: number): { readonly range: ByteRange; readonly status: 200 | 206 } {
  const lines = ifRangeHolds(headers, validators) ? headers.getAll('range') : [];
  // Several lines are one list, and so several ranges.
  const resolved = resolveRange(parseRange(lines.length === 0 ? undefined : lines.join(',')), size);
  if (resolved.kind === 'unsatisfiable') {
    throw new StorageError('range_not_satisfiable', 'The requested range is not within the file', { size });
  }
  const isPart = resolved.kind === 'part' && resolved.range.length < size;
  return isPart ? { range: resolved.range, status: 206 } : { range: { start: 0, length: size }, status: 200 };
}

/** The bytes of the range; the file is closed when the stream ends, or is given up before its first pull. */
function readAndClose(open: OpenFile, range: ByteRange, signal: AbortSignal): ByteStream {
  return trackAnswer(open.read(range, signal), () => {
    open.close();
  });
}
