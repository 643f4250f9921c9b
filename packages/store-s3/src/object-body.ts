import type { Readable } from 'node:stream';
import { S3Failure } from './s3-failure.ts';
import { withResolvers } from './resolvers.ts';

const nothing = new Uint8Array(0);

/** The body of an answer, read in lengths that the reader chooses, with a limit on silence. */
export class ObjectBody {
  readonly #stream: Readable;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #idle: number;
  #rest: Uint8Array = nothing;

  /** `idle`: the longest silence, in milliseconds. */
  constructor(stream: Readable, idle: number) {
    this.#stream = stream;
    this.#idle = idle;
    // A connection that breaks while nobody reads is noticed by the next read.
    stream.on('error', () => undefined);
    this.#iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** Fills `target`. @throws S3Failure `unreachable` if there is too little, or nothing comes for too long. */
  async read(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const part = this.#rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  /** All that was asked for is read: takes notice of the end, so that the connection can be used again. */
  finish(): void {
    const timer = setTimeout(() => {
      this.destroy();
    }, this.#idle).unref();
    void this.#iterator
      .next()
      .then(({ done }) => {
        // More than was asked for is not read.
        if (done !== true || this.#rest.length > 0) this.destroy();
      })
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
      });
  }

  /** Closes the connection, unless the answer has come to its end. */
  destroy(): void {
    this.#stream.destroy();
  }

  async #next(): Promise<Uint8Array> {
    const { promise: silent, reject } = withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new S3Failure('unreachable', `no bytes within ${this.#idle} ms`));
    }, this.#idle);
    const coming = this.#iterator.next();
    for (const promise of [coming, silent]) promise.catch(() => undefined);
    try {
      const next = await Promise.race([coming, silent]);
      if (next.done !== true) return next.value;
    } catch (error) {
      throw error instanceof S3Failure ? error : new S3Failure('unreachable', 'the connection broke');
    } finally {
      clearTimeout(timer);
    }
    throw new S3Failure('unreachable', 'the answer is too short');
  }
}
