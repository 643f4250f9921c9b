import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ByteStream } from '@coffer/bytes';
import { StoreError } from '@coffer/storage-ports';
import { randomBytes } from 'node:crypto';
import { BlobSource } from './blob-source.ts';
import { FrameChecks, framedLength, frameLength } from './frames.ts';
import type { IdTurns } from './id-turns.ts';
import { checksumOf, mostParts, MultipartUpload } from './multipart-upload.ts';
import { lookAt, writeMark } from './object-facts.ts';
import { PartWriter } from './part-writer.ts';
import { removeObject } from './removal.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure, storeFailure } from './s3-failure.ts';

/** Frames in the buffers that every write may have: most blobs are small. */
const smallBuffers = [1, 8];

/** Writes one blob. */
export class BlobWriting {
  readonly #context: S3Context;
  readonly #turns: IdTurns;
  readonly #blobId: string;
  readonly #signal: AbortSignal | undefined;
  readonly #mark = randomBytes(16).toString('hex');
  /** Those of its buffers that belong to the store's memory for parts. */
  readonly #buffers = new Set<Uint8Array>();
  #upload: MultipartUpload | undefined;
  /** The part that is being sent. */
  #sending: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(context: S3Context, turns: IdTurns, blobId: string, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#turns = turns;
    this.#blobId = blobId;
    this.#signal = signal;
  }

  /** Returns the blob's length. Whatever happens, the stream is let go and the memory given back. */
  async write(stream: ByteStream): Promise<number> {
    const source = new BlobSource(stream, this.#signal);
    try {
      this.#signal?.throwIfAborted();
      return await this.#send(source);
    } catch (error) {
      await source.leave();
      await this.#giveUp(error);
      throw this.#described(error);
    } finally {
      for (const buffer of this.#buffers) this.#context.memory.give(buffer, this.#failure === undefined);
    }
  }

  async #send(source: BlobSource): Promise<number> {
    const writer = new PartWriter(new FrameChecks(this.#blobId), newBuffer(smallBuffers[0] ?? 1));
    for (;;) {
      if (writer.isFull) {
        if (!(await source.hasMore())) break;
        await this.#makeRoom(writer);
      }
      const count = await source.read(writer.room());
      if (this.#failure !== undefined) throw this.#failure.error;
      if (count === 0) break;
      writer.advance(count);
    }
    const last = writer.take(undefined);
    await this.#sent();
    this.#signal?.throwIfAborted();
    if (this.#upload === undefined) await this.#put(last);
    else await this.#complete(this.#upload, last, framedLength(writer.length));
    return writer.length;
  }

  /** A longer buffer, or another one for the next part while this one is sent. */
  async #makeRoom(writer: PartWriter): Promise<void> {
    const { partLength, memory, calls } = this.#context;
    const { length } = writer.buffer;
    const small = smallBuffers.find((frames) => frames * frameLength > length && frames * frameLength < partLength);
    if (small !== undefined) {
      writer.move(newBuffer(small));
    } else if (length < partLength) {
      writer.move(this.#own(await memory.take(calls.limits.memory, this.#signal)));
    } else await this.#sendPart(writer);
  }

  async #sendPart(writer: PartWriter): Promise<void> {
    this.#upload ??= await this.#begin();
    // One part is sent, the next one is filled. Which is why no third buffer is ever asked for.
    await this.#sent();
    const full = writer.buffer;
    const [unused] = [...this.#buffers].filter((buffer) => buffer !== full);
    const next = unused ?? this.#ownFree();
    const part = writer.take(next ?? full);
    const sending = this.#upload.addPart(part, this.#signal);
    this.#sending = sending.catch((error: unknown) => {
      this.#failure = { error };
    });
    // Without a second buffer, the first one is used again when it was sent.
    if (next === undefined) await this.#sent();
  }

  async #begin(): Promise<MultipartUpload> {
    // Putting together decides whether the id is free; this only saves sending what cannot be stored.
    await this.#checkAbsent();
    this.#signal?.throwIfAborted();
    const { keys, abilities } = this.#context;
    return MultipartUpload.begin(this.#context, keys.blob(this.#blobId), this.#mark, abilities.checksums);
  }

  /** Waits until nothing is being sent. */
  async #sent(): Promise<void> {
    await this.#sending;
    if (this.#failure !== undefined) throw this.#failure.error;
    const parts = this.#upload?.partCount ?? 0;
    if (parts >= mostParts)
      throw new StoreError('io', `A blob has at most ${mostParts} parts of ${this.#context.partLength} bytes`);
  }

  #complete(upload: MultipartUpload, last: Uint8Array, length: number): Promise<void> {
    return this.#exclusively(this.#context.abilities.conditionalComplete, async (isConditional) => {
      await upload.addPart(last, this.#signal);
      this.#signal?.throwIfAborted();
      await upload.complete(length, isConditional);
      this.#upload = undefined;
    });
  }

  #put(bytes: Uint8Array): Promise<void> {
    const { calls, bucket, keys, abilities } = this.#context;
    return this.#exclusively(abilities.conditionalPut, async (isConditional) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: keys.blob(this.#blobId),
        Body: bytes,
        Metadata: { [writeMark]: this.#mark },
        ...checksumOf(this.#context, bytes),
        ...(isConditional && { IfNoneMatch: '*' }),
      });
      await calls.send<object>((client, options) => client.send(command, options), {
        isLong: true,
        isWrite: true,
        findOut: (failure) => this.#findOutPut(failure, bytes.length),
      });
    });
  }

  /** Whether an object whose request failed is there all the same, because the answer was lost. */
  async #findOutPut(failure: S3Failure, length: number): Promise<object | undefined> {
    if (failure.kind !== 'precondition' && !failure.isPassing) return undefined;
    const there = await lookAt(this.#context, this.#context.keys.blob(this.#blobId));
    if (there === undefined) return undefined;
    if (there.mark !== this.#mark) throw new S3Failure('precondition', 'there is another object');
    if (there.length === length) return {};
    throw new S3Failure('damaged', 'it kept something else than it was sent');
  }

  /** Where the store itself does not refuse a second object, this process looks first and lets nobody come between. */
  #exclusively(isConditional: boolean, commit: (isConditional: boolean) => Promise<void>): Promise<void> {
    if (isConditional) return commit(true);
    return this.#turns.take(this.#blobId, async () => {
      await this.#checkAbsent();
      await commit(false);
    });
  }

  async #checkAbsent(): Promise<void> {
    if ((await lookAt(this.#context, this.#context.keys.blob(this.#blobId))) !== undefined)
      throw new S3Failure('precondition', 'there is another object');
  }

  /** Removes what there is of a write that failed, as far as the store answers. */
  async #giveUp(error: unknown): Promise<void> {
    this.#failure ??= { error };
    await this.#sending;
    await this.#upload?.abort();
    if (error instanceof S3Failure && error.kind === 'damaged') await this.#removeOwn().catch(() => undefined);
  }

  /** An object of this write that is not what was sent. */
  async #removeOwn(): Promise<void> {
    const key = this.#context.keys.blob(this.#blobId);
    if ((await lookAt(this.#context, key))?.mark === this.#mark) await removeObject(this.#context, key);
  }

  #own(buffer: Uint8Array): Uint8Array {
    this.#buffers.add(buffer);
    return buffer;
  }

  #ownFree(): Uint8Array | undefined {
    const buffer = this.#context.memory.takeFree();
    return buffer === undefined ? undefined : this.#own(buffer);
  }

  /** Errors of the stream and of the signal stay what they are. */
  #described(error: unknown): unknown {
    if (!(error instanceof S3Failure)) return error;
    if (error.kind === 'precondition') return new StoreError('blob_exists', `There is a blob ${this.#blobId} already`);
    return storeFailure(`Writing blob ${this.#blobId}`, error);
  }
}

/** Outside of Node's own pool, whose parts share memory with others. */
function newBuffer(frames: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(frames * frameLength));
}
