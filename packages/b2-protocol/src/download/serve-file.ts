import type { FileVersion } from '@coffer/storage-core';
import { downloadHeaders, mergeDownloadEncryption } from '@coffer/b2-schema';
import type { ByteRange, ByteStream } from '@coffer/bytes';
import {
  formatContentRange,
  parseRange,
  resolveRange,
  type HeaderPair,
  type HttpRequest,
  type HttpResponse,
} from '@coffer/http';
import { wipeEncryption, type EncryptionRequest } from '@coffer/sse-schema';
import { StorageError, type DownloadOverrides, type OpenFile } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { checkTransport } from '../request/secure-transport.ts';
import { orRefuse } from '../request/refusal.ts';
import { headerFields } from '../request/header-fields.ts';
import type { DownloadCall } from '../operations/handler.ts';
import { trackAnswer } from '../request/tracked-answer.ts';
import { beginReading } from './begin-reading.ts';
import { downloadResponseHeaders } from './download-headers.ts';

/** A file that the reader may have. */
export interface FoundFile {
  readonly bucket: BucketRecord;
  readonly version: FileVersion;
  readonly overrides: DownloadOverrides;
  /** The encryption in the JSON of the request. */
  readonly fromJson: EncryptionRequest | undefined;
}

/**
 * The answer with a file's bytes. Checked in this order: the syntax of the encryption parameters, whether a customer key is needed,
 * whether it is the right one, the range.
 */
export async function serveFile(call: DownloadCall, found: FoundFile): Promise<HttpResponse> {
  const given = readEncryption(call, found.fromJson);
  try {
    return await serveOpened(call, found, given);
  } finally {
    // The opened file holds its own file key.
    wipeEncryption(given);
  }
}

/** The one customer key of headers and JSON. */
function readEncryption(call: DownloadCall, fromJson: EncryptionRequest | undefined): EncryptionRequest | undefined {
  const { serverSideEncryption: fromHeaders } = orRefuse(downloadHeaders.parse(headerFields(call.request.headers)));
  const given = orRefuse(mergeDownloadEncryption(fromHeaders, fromJson));
  try {
    checkTransport(call.options, call.request.peer, { given });
  } catch (error) {
    wipeEncryption(given);
    throw error;
  }
  return given;
}

async function serveOpened(
  call: DownloadCall,
  { bucket, version, overrides }: FoundFile,
  given: EncryptionRequest | undefined,
): Promise<HttpResponse> {
  const open = isKeylessHead(call, version, given) ? undefined : await call.storage.reads.open(version, given);
  call.record.encryption = version.encryption.mode;
  try {
    const { range, status } = rangeOf(call.request, version.size);
    const headers: HeaderPair[] = downloadResponseHeaders({ bucket, version, overrides, reader: call.reader, given });
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

/** What is not a single range of bytes is ignored, as the service does. */
function rangeOf(request: HttpRequest, size: number): { readonly range: ByteRange; readonly status: 200 | 206 } {
  const resolved = resolveRange(parseRange(request.headers.get('range')), size);
  if (resolved.kind === 'unsatisfiable') {
    throw new StorageError('range_not_satisfiable', 'The requested range is not within the file', { size });
  }
  return resolved.kind === 'part'
    ? { range: resolved.range, status: 206 }
    : { range: { start: 0, length: size }, status: 200 };
}

/** An answer that nobody reads leaves nothing open: reading begins with the first pull. */
function readAndClose(open: OpenFile, range: ByteRange, signal: AbortSignal): ByteStream {
  return trackAnswer(open.read(range, signal), () => {
    open.close();
  });
}
