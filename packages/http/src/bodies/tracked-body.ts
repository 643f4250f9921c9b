import type { ByteStream } from '@coffer/bytes';
import type { HttpRequest } from '../http-request.ts';

/** A request's body that knows how much of it was read. */
export class TrackedBody implements AsyncIterable<Uint8Array> {
  readonly #body: ByteStream;
  readonly #declared: number | undefined;
  readonly #isChunked: boolean;
  #bytes = 0;
  #ended = false;

  constructor(request: HttpRequest) {
    this.#body = request.body;
    this.#declared = request.contentLength;
    this.#isChunked = request.headers.has('transfer-encoding');
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the client has sent, or is about to send, something that nobody read. */
  get hasRest(): boolean {
    if (this.#ended) return false;
    return this.#declared === undefined ? this.#isChunked : this.#bytes < this.#declared;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const source = this.#body[Symbol.asyncIterator]();
    return {
      next: async () => {
        const piece = await source.next();
        if (piece.done === true) this.#ended = true;
        else this.#bytes += piece.value.length;
        return piece;
      },
      return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    };
  }
}
