import type { HttpResponse } from '@coffer/http';
import { trackAnswer } from './tracked-answer.ts';

/** Rows of a page that is small enough for many to be made at once. */
const smallPage = 1_000;
/** Bytes of finished pages that may wait for their clients before another large one is begun. */
const maxUnsent = 32 * 2 ** 20;

/**
 * Large pages of listings hold much memory while they are made, and until their clients have taken them. So they are made one at a
 * time, in the order of the requests, and only while those that were made before are being taken.
 */
export class LargePages {
  #last: Promise<unknown> = Promise.resolve();
  #unsent = 0;
  #roomAgain: (() => void) | undefined;

  /** The answer that `make` gives, when it is its turn. `rows`: the most that the page may have. */
  async make(rows: number, signal: AbortSignal, make: () => Promise<HttpResponse>): Promise<HttpResponse> {
    if (rows <= smallPage) return make();
    const mine = this.#last.then(async () => {
      if (this.#unsent >= maxUnsent) await this.#room();
      signal.throwIfAborted();
      return this.#count(await make());
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#roomAgain = resolve;
    });
  }

  #count(response: HttpResponse): HttpResponse {
    const { body } = response;
    if (body === undefined || body instanceof Uint8Array) return response;
    this.#unsent += body.length;
    const stream = trackAnswer(body.stream, () => {
      this.#unsent -= body.length;
      if (this.#unsent < maxUnsent) this.#roomAgain?.();
    });
    return { ...response, body: { stream, length: body.length } };
  }
}

/** The most rows that the page of an answer may have, whatever they are called in the request; 0 for an answer that is no page. */
export function rowsAskedFor(input: object): number {
  const fields = input as Partial<Record<'maxFileCount' | 'maxPartCount' | 'maxKeyCount', number>>;
  return fields.maxFileCount ?? fields.maxPartCount ?? fields.maxKeyCount ?? 0;
}
