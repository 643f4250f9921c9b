import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { ByteRange, ByteStream, FillingIterator } from '@coffer/bytes';
import { StoreError } from '@coffer/storage-ports';
import { Readable } from 'node:stream';
import { contentLength, frameData, FrameChecks, frameLength, framesOf } from './frames.ts';
import { factsOf, missingBlob, requireObject, type ObjectFacts } from './object-facts.ts';
import { ObjectBody } from './object-body.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure, storeFailure } from './s3-failure.ts';

type Piece = IteratorResult<Uint8Array, void>;

const done: Piece = { done: true, value: undefined };
const nothing = new Uint8Array(0);

/**
 * Opens a blob: the request for its bytes is answered when this resolves.
 *
 * @throws StoreError `missing_blob`, `io`; RangeError for a range that is not within the blob.
 */
export async function readBlob(context: S3Context, blobId: string, range?: ByteRange): Promise<ByteStream> {
  if (range !== undefined) checkIntegers(range);
  if (range?.length === 0) {
    rangeWithin(range, lengthOf(blobId, await requireObject(context, blobId)));
    return { [Symbol.asyncIterator]: () => endedReading };
  }
  const frames = range === undefined ? { first: 0, end: undefined } : framesOf(range);
  const answer = await openFrames(context, blobId, frames.first, frames.end).catch((error: unknown) =>
    whyNotOpened(context, blobId, range, error),
  );
  try {
    const length = lengthOf(blobId, answer.facts);
    const reading = new BlobReading(context, blobId, answer, rangeWithin(range, length), length);
    return { [Symbol.asyncIterator]: () => reading };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

const endedReading: FillingIterator = {
  next: () => Promise.resolve(done),
  fill: () => Promise.resolve(0),
  return: () => Promise.resolve(done),
};

/** The store's answer to a request for frames. */
interface FramesAnswer {
  readonly facts: ObjectFacts;
  readonly body: ObjectBody;
}

/** Requests frames from number `first` up to `end` (exclusive; undefined: all that there are). @throws S3Failure */
async function openFrames(
  { calls, bucket, keys }: S3Context,
  blobId: string,
  first: number,
  end: number | undefined,
  etag?: string,
): Promise<FramesAnswer> {
  const from = first * frameLength;
  const isWhole = first === 0 && end === undefined;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: keys.blob(blobId),
    ...(!isWhole && { Range: `bytes=${from}-${end === undefined ? '' : end * frameLength - 1}` }),
    ...(etag !== undefined && { IfMatch: etag }),
  });
  const got = await calls.send((client, options) => client.send(command, options));
  if (!(got.Body instanceof Readable)) throw new S3Failure('refused', 'an answer without a body');
  const body = new ObjectBody(got.Body, calls.limits.idle);
  try {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(got.ContentRange ?? '') ?? [];
    if (!isWhole && Number(start) !== from) throw new S3Failure('refused', 'an answer with another range');
    const facts = factsOf(isWhole ? got.ContentLength : Number(total), got.ETag, got.Metadata);
    if (etag !== undefined && facts.etag !== etag) throw new S3Failure('precondition', 'the object is another one');
    return { facts, body };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

async function whyNotOpened(
  context: S3Context,
  blobId: string,
  range: ByteRange | undefined,
  error: unknown,
): Promise<never> {
  const kind = error instanceof S3Failure ? error.kind : undefined;
  if (kind === 'missing_key') throw await missingBlob(context, blobId);
  // A store does not say how long an object is when the range is not within it.
  if (kind === 'range') rangeWithin(range, lengthOf(blobId, await requireObject(context, blobId)));
  throw storeFailure(`Reading blob ${blobId}`, error);
}

/** The blob's length by that of its object. @throws StoreError `io` for one that no blob has. */
export function lengthOf(blobId: string, facts: ObjectFacts): number {
  const length = contentLength(facts.length);
  if (length !== undefined) return length;
  throw new StoreError('io', `Blob ${blobId} has ${facts.length} bytes in the store, which no blob has: it is damaged`);
}

function checkIntegers({ start, length }: ByteRange): void {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= 0 && length >= 0))
    throw new RangeError('A range is made of non-negative integers');
}

function rangeWithin(range: ByteRange | undefined, size: number): ByteRange {
  const { start, length } = range ?? { start: 0, length: size };
  if (start + length > size)
    throw new RangeError(`The range ${start}+${length} is not within the blob's ${size} bytes`);
  return { start, length };
}

/**
 * The range's bytes, frame by frame, each checked before any of it is given out. A connection that breaks, falls silent
 * or brings a damaged frame is replaced by a request for the rest.
 */
class BlobReading implements FillingIterator {
  readonly #context: S3Context;
  readonly #blobId: string;
  readonly #checks: FrameChecks;
  readonly #etag: string;
  readonly #size: number;
  /** Frames in the whole blob, and the frame behind the last one of the range. */
  readonly #frames: number;
  readonly #end: number;
  readonly #frame = new Uint8Array(new ArrayBuffer(frameLength));
  #body: ObjectBody | undefined;
  /** The frame that comes next. */
  #index: number;
  /** Where in the blob the next byte for the consumer is, and how many are left for it. */
  #position: number;
  #left: number;
  /** Of the last frame, what the consumer has not been given. */
  #rest: Uint8Array = nothing;
  #isOver = false;

  constructor(context: S3Context, blobId: string, answer: FramesAnswer, range: ByteRange, size: number) {
    this.#context = context;
    this.#blobId = blobId;
    this.#checks = new FrameChecks(blobId);
    this.#etag = answer.facts.etag;
    this.#size = size;
    this.#frames = Math.max(1, Math.ceil(size / frameData));
    const frames = range.length === 0 ? { first: 0, end: 1 } : framesOf(range);
    this.#body = answer.body;
    this.#index = frames.first;
    this.#end = frames.end;
    this.#position = range.start;
    this.#left = range.length;
  }

  async next(): Promise<Piece> {
    const bytes = await this.#available();
    if (bytes.length === 0) return done;
    const piece = bytes.slice();
    this.#used(bytes.length);
    return { done: false, value: piece };
  }

  async fill(target: Uint8Array): Promise<number> {
    if (target.length === 0) return 0;
    const bytes = (await this.#available()).subarray(0, target.length);
    target.set(bytes);
    this.#used(bytes.length);
    return bytes.length;
  }

  return(): Promise<Piece> {
    this.#isOver = true;
    this.#left = 0;
    this.#rest = nothing;
    this.#body?.destroy();
    this.#body = undefined;
    return Promise.resolve(done);
  }

  #finish(): void {
    this.#body?.finish();
    this.#body = undefined;
  }

  #used(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.#position += count;
    this.#left -= count;
  }

  /** What can be given out; nothing at the end. */
  async #available(): Promise<Uint8Array> {
    if (this.#rest.length > 0 || this.#isOver) return this.#rest;
    try {
      // The one frame of an empty blob is checked too.
      if (this.#index < this.#end) await this.#nextFrame();
    } catch (error) {
      await this.return();
      throw error;
    }
    if (this.#left === 0) await this.return();
    return this.#rest;
  }

  /** Reads the next frame, if need be from another connection. */
  async #nextFrame(): Promise<void> {
    const { resumptions } = this.#context.calls.limits;
    for (let attempt = 0; ; attempt++) {
      const content = await this.#readFrame();
      // Left meanwhile.
      if (this.#isOver) return;
      if (!(content instanceof S3Failure)) {
        const skipped = this.#position - this.#index * frameData;
        this.#rest = content.subarray(skipped, skipped + this.#left);
        this.#index++;
        if (this.#index === this.#end) this.#finish();
        return;
      }
      this.#body?.destroy();
      this.#body = undefined;
      if (attempt >= resumptions) throw storeFailure(`Reading blob ${this.#blobId}`, content);
    }
  }

  async #readFrame(): Promise<Uint8Array | S3Failure> {
    try {
      this.#body ??= await this.#reopen();
      const start = this.#index * frameData;
      const frame = this.#frame.subarray(0, Math.min(frameData, this.#size - start) + frameLength - frameData);
      await this.#body.read(frame);
      const content = this.#checks.open(frame, this.#index, this.#index === this.#frames - 1);
      return content ?? new S3Failure('damaged', 'it answered with wrong bytes');
    } catch (error) {
      const failure = readFailure(error);
      // Requests are repeated by themselves; what is left then will not pass.
      if (this.#body === undefined) throw storeFailure(`Reading blob ${this.#blobId}`, failure);
      return failure;
    }
  }

  async #reopen(): Promise<ObjectBody> {
    const { facts, body } = await openFrames(this.#context, this.#blobId, this.#index, this.#end, this.#etag);
    if (!this.#isOver && lengthOf(this.#blobId, facts) === this.#size) return body;
    body.destroy();
    throw new S3Failure('damaged', 'the object changed its length');
  }
}

function readFailure(error: unknown): S3Failure {
  const failure = error instanceof S3Failure ? error : new S3Failure('unreachable', 'the connection broke');
  if (failure.kind === 'missing_key') return new S3Failure('refused', 'the blob was deleted while it was read');
  if (failure.kind === 'precondition') return new S3Failure('refused', 'the blob was replaced while it was read');
  return failure;
}
