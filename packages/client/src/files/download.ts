import { collect, exactLength, tap, toWebStream, type ByteStream } from '@coffer/bytes';
import type { DownloadedFile, FileId } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import type { AskedRange, DownloadAnswer, DownloadCallOptions } from '../calls/download-call.ts';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import type { CustomerKeyEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { checkCount } from '../sources/check-count.ts';
import type { FilesContext, Progress } from './files-context.ts';
import { inRanges } from './ranged-content.ts';
import { sha1OfFile, wholeContent, withSha1 } from './verified-content.ts';
import { keysToTry, tryKeys, type ReadingKeys } from './with-keys.ts';

/** Which file: a version by its id, or the current one of a name. */
export type DownloadSource = { readonly fileId: FileId } | { readonly bucketName: string; readonly fileName: string };

/** What is downloaded, and how. */
export type DownloadOptions = DownloadSource &
  CallOptions & {
    readonly range?: AskedRange | undefined;
    /** The customer key of the file, or a ring in which it is found. Other files need none. */
    readonly encryption?: ReadingKeys | undefined;
    /**
     * Requests at the same time, 1 if left out: the content is then fetched in ranges, and given out in its order. Of
     * use where the way is long, so that one connection does not fill it.
     */
    readonly parallel?: number | undefined;
    /** Bytes of each of these ranges, by default 10,000,000. One more than `parallel` of them are in memory at most. */
    readonly rangeSize?: number | undefined;
    /** Called for each piece that has arrived. */
    readonly onProgress?: ((progress: Progress) => void) | undefined;
  };

/** A download that has begun. Read it, or cancel its stream. */
export interface Download {
  readonly file: DownloadedFile;
  /** Bytes of the content; undefined where the server does not say. */
  readonly length: number | undefined;
  /** The bytes of the file that these are; undefined if it is the whole file. */
  readonly range: DownloadAnswer['range'];
  /**
   * What is checked at the end, which is an error if it is wrong: `sha1`, of a whole file of which it is known;
   * `length`; or nothing, if the content was stored encoded and the runtime has decoded it.
   */
  readonly verified: 'sha1' | 'length' | 'nothing';
  /** The content; to be read once. */
  readonly stream: ReadableStream<Uint8Array>;
  /** The whole content, at most `limit` bytes (by default 100 MB), instead of the stream. */
  readonly bytes: (limit?: number) => Promise<Uint8Array>;
}

const defaultLimit = 100_000_000;
const defaultRangeSize = 10_000_000;

/** Downloads a file. What breaks off is continued from where it was; what was downloaded is verified at its end. */
export async function download(context: FilesContext, options: DownloadOptions): Promise<Download> {
  checkCount(options.parallel ?? 1, 'parallel');
  checkCount(options.rangeSize ?? defaultRangeSize, 'rangeSize');
  const { answer, key } = await open(context, options);
  const { file, contentLength, range, isDecoded } = answer;
  const sha1 = range === undefined && !isDecoded ? sha1OfFile(file) : undefined;
  const isMeasured = contentLength !== undefined && !isDecoded;
  const content = reported(contentOf(context, options, answer, key), contentLength, options.onProgress);
  const checked = sha1 === undefined ? content : withSha1(content, sha1);
  return {
    ...{ file, length: isDecoded ? undefined : contentLength, range },
    verified: sha1 !== undefined ? 'sha1' : isMeasured ? 'length' : 'nothing',
    stream: toWebStream(checked),
    bytes: (limit = defaultLimit) => collect(checked, limit),
  };
}

/** The content, in one stream or in ranges; where it breaks off, the same version of the file is read on. */
function contentOf(
  { api, calls }: FilesContext,
  { signal, parallel = 1, rangeSize = defaultRangeSize }: DownloadOptions,
  answer: DownloadAnswer,
  key: CustomerKeyEncryption | undefined,
): AsyncGenerator<Uint8Array, void> {
  const { fileId } = answer.file;
  const begin = answer.range?.first ?? 0;
  const length = answer.isDecoded ? undefined : answer.contentLength;
  const openRange = async (first: number, last: number, rangeSignal: AbortSignal | undefined) => {
    const asked = { range: { first, last }, signal: rangeSignal };
    const again = await api.downloadFileById({ fileId, serverSideEncryption: key }, asked);
    // An answer without a range is the whole file.
    if ((again.range?.first ?? 0) === first) return again;
    await again.body?.cancel();
    throw new ClientError('invalid_response', 'The server answered with another range than it was asked for');
  };
  const { policy, timing } = calls;
  const last = answer.range?.last ?? begin + (answer.contentLength ?? 0) - 1;
  const reopen = (received: number) => openRange(begin + received, last, signal);
  const content = wholeContent(answer, { policy, timing, signal, reopen });
  if (parallel === 1 || length === undefined || length <= rangeSize) return content;
  const fetchRange = async (from: number, size: number, rangeSignal: AbortSignal) => {
    const first = begin + from;
    const reopenRange = (received: number) => openRange(first + received, first + size - 1, rangeSignal);
    const content = wholeContent(await reopenRange(0), { policy, timing, signal: rangeSignal, reopen: reopenRange });
    return collect(exactLength(content, size), size);
  };
  return inRanges(content, { length, parallel, rangeSize, signal, fetchRange });
}

function reported(
  stream: ByteStream,
  total: number | undefined,
  onProgress: ((progress: Progress) => void) | undefined,
): ByteStream {
  if (onProgress === undefined) return stream;
  let bytes = 0;
  return tap(stream, {
    update(piece) {
      bytes += piece.length;
      onProgress({ bytes, total });
    },
  });
}

interface Opened {
  readonly answer: DownloadAnswer;
  readonly key: CustomerKeyEncryption | undefined;
}

async function open(context: FilesContext, options: DownloadOptions): Promise<Opened> {
  const { encryption, range, signal } = options;
  const begin = async (key: CustomerKeyEncryption | undefined): Promise<Opened> => {
    return { answer: await begun(context, options, key, { range, signal }), key };
  };
  if (!(encryption instanceof CustomerKeyRing)) return begin(encryption?.mode === 'SSE-C' ? encryption : undefined);
  if ('fileId' in options) {
    const info = await context.api.getFileInfo({ fileId: options.fileId }, { signal });
    const mode = info.action === 'hide' ? null : info.serverSideEncryption.mode;
    return tryKeys(keysToTry(encryption, { mode, fileInfo: info.fileInfo }), begin);
  }
  try {
    return await begin(undefined);
  } catch (error) {
    // The answer without a key, for a file that needs one. It does not tell the file's info.
    if (!ClientError.is(error, 'bad_request')) throw error;
    return tryKeys(encryption.candidates(), begin);
  }
}

function begun(
  { api }: FilesContext,
  source: DownloadSource,
  serverSideEncryption: CustomerKeyEncryption | undefined,
  options: DownloadCallOptions,
): Promise<DownloadAnswer> {
  if ('fileId' in source) return api.downloadFileById({ fileId: source.fileId, serverSideEncryption }, options);
  const { bucketName, fileName } = source;
  return api.downloadFileByName({ bucketName, fileName, serverSideEncryption }, options);
}
