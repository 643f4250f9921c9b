import { ByteStreamError, exactLength, fromWebStream, stage, streamOf, type ByteStream } from '@coffer/bytes';
import type { DownloadedFile, OperationName } from '@coffer/b2-schema';
import { startSha1 } from '#sha1';
import type { DownloadAnswer } from '../calls/download-call.ts';
import { ClientError } from '../errors/client-error.ts';
import { delayBefore, type RetryPolicy } from '../retries/retry-policy.ts';
import type { Timing } from '../retries/timing.ts';
import { largeFileSha1Info } from './upload.ts';

const operation: OperationName = 'b2_download_file_by_id';
const sha1Shape = /^(?:unverified:)?([0-9a-f]{40})$/i;

/** The SHA-1 of the whole file, if anything says it; also one that nobody has verified. */
export function sha1OfFile({ contentSha1, fileInfo }: DownloadedFile): string | undefined {
  const [, found] = sha1Shape.exec(contentSha1 ?? fileInfo[largeFileSha1Info] ?? '') ?? [];
  return found?.toLowerCase();
}

/** Passes through what has the SHA-1; the end is an error if it is another. */
export function withSha1(stream: ByteStream, expected: string): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    const sha1 = startSha1();
    for await (const piece of source) {
      sha1.update(piece);
      yield piece;
    }
    if (sha1.hex() === expected) return;
    throw new ClientError('checksum_mismatch', 'The SHA-1 of the content is not that of the file', { operation });
  });
}

/** What continuing a download needs. */
export interface Continuing {
  readonly policy: RetryPolicy;
  readonly timing: Timing;
  readonly signal: AbortSignal | undefined;
  /** The content from this byte on, counted from where the download began. */
  readonly reopen: (received: number) => Promise<DownloadAnswer>;
}

/** The content of an answer, exactly as long as it says; where it breaks off, it is continued by another request. */
export function wholeContent(first: DownloadAnswer, continuing: Continuing): AsyncGenerator<Uint8Array, void> {
  const { contentLength, isDecoded } = first;
  // What the runtime has decoded has another length, and no place in the file.
  if (contentLength === undefined || isDecoded) return onceRead(first, continuing.signal);
  return exactLength(continued(first, contentLength, continuing), contentLength);
}

function continued(
  first: DownloadAnswer,
  length: number,
  { policy, timing, signal, reopen }: Continuing,
): AsyncGenerator<Uint8Array, void> {
  return stage(bodyOf(first), async function* (source) {
    let received = 0;
    let failures = 0;
    for (let content = source; ; content = bodyOf(await reopen(received))) {
      try {
        for await (const piece of content) {
          received += piece.length;
          failures = 0;
          yield piece;
          signal?.throwIfAborted();
        }
        // More than announced is for `exactLength` to refuse.
        if (received >= length) return;
        throw new ByteStreamError('stream_too_short', 'The content ended early');
      } catch (cause) {
        signal?.throwIfAborted();
        // All of it has come; only the end of the connection was not a good one.
        if (received >= length) return;
        failures++;
        const error = brokenOff(cause);
        if (failures >= policy.attempts) throw error;
        await timing.sleep(delayBefore(failures - 1, error, policy, timing.random), signal);
      }
    }
  });
}

function onceRead(answer: DownloadAnswer, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
  return stage(bodyOf(answer), async function* (source) {
    try {
      yield* source;
    } catch (cause) {
      signal?.throwIfAborted();
      throw brokenOff(cause);
    }
  });
}

function brokenOff(cause: unknown): ClientError {
  return new ClientError('connection_failed', 'The download broke off', { operation, cause });
}

/** The body as a byte stream that lets go of the connection also if it is left before anything was read. */
function bodyOf({ body }: DownloadAnswer): ByteStream {
  const iterator = body === null ? streamOf() : fromWebStream(body);
  let isBegun = false;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        isBegun = true;
        return iterator.next();
      },
      async return() {
        if (isBegun) await iterator.return();
        else await body?.cancel();
        return { done: true, value: undefined };
      },
    }),
  };
}
