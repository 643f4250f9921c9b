import { followStream } from '@coffer/bytes';
import type { HttpResponse } from '@coffer/http';
import { B2Error } from '../errors/b2-error.ts';

/** Rows of a page that is small enough for many to be made at once. */
const smallPage = 1_000;
/** Bytes of finished pages that may wait for their clients before another large one is begun. */
const maxUnsent = 32 * 2 ** 20;

/** Milliseconds that a request waits for clients that do not take the pages they asked for. */
const patienceMs = 10_000;

/**
 * Large pages of listings hold much memory while they are made, and until their clients have taken them. So they are
 * made one at a time, in the order of the requests, and only while those that were made before are being taken.
 */
export class LargePages {
  readonly #patienceMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #unsent = 0;
  #roomAgain: (() => void) | undefined;

  constructor(options: { readonly patienceMs?: number } = {}) {
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  /**
   * Calls `make`, for a large page only when it is its turn, and gives the answer that it made. `rows`: the most rows
   * that the page may have.
   *
   * @throws B2Error `service_unavailable` if other clients have not taken their pages in time.
   */
  async make(rows: number, signal: AbortSignal, make: () => Promise<HttpResponse>): Promise<HttpResponse> {
    if (rows <= smallPage) return make();
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#patienceMs)]);
    const mine = this.#last.then(async () => {
      await this.#room(patience);
      signal.throwIfAborted();
      if (!this.#hasRoom()) throw tooManyUnsent();
      return this.#count(await make());
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #hasRoom(): boolean {
    return this.#unsent < maxUnsent;
  }

  /** Waits for room until the signal aborts. */
  async #room(patience: AbortSignal): Promise<void> {
    if (this.#hasRoom() || patience.aborted) return;
    await new Promise<void>((resolve) => {
      this.#roomAgain = resolve;
      patience.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  #count(response: HttpResponse): HttpResponse {
    const { body } = response;
    if (body === undefined || body instanceof Uint8Array) return response;
    let unsent = body.length;
    this.#unsent += unsent;
    const taken = (bytes: number) => {
      unsent -= bytes;
      this.#unsent -= bytes;
      if (this.#hasRoom()) this.#roomAgain?.();
    };
    const stream = followStream(body.stream, {
      onBytes: (bytes) => {
        taken(bytes.length);
      },
      onEnd: () => {
        taken(unsent);
      },
    });
    return { ...response, body: { stream, length: body.length } };
  }
}

function tooManyUnsent(): B2Error {
  const headers = [['Retry-After', '1']] as const;
  return new B2Error('service_unavailable', 'Many large listings wait for their clients, try again', { headers });
}

/**
 * The most rows that a request for a listing asks for, under whichever name the operation has for that; 0 for a request
 * that asks for no listing.
 */
export function rowsAskedFor(input: object): number {
  const fields = input as Partial<Record<'maxFileCount' | 'maxPartCount' | 'maxKeyCount', number>>;
  return fields.maxFileCount ?? fields.maxPartCount ?? fields.maxKeyCount ?? 0;
}
