import type { BodyWatch } from './pausable-fetch.ts';

interface Body {
  readonly size: number;
  sent: number;
}

/**
 * How much of a file is on the server or on its way. What the client has reported as stored counts, and what of other
 * bodies has gone out.
 */
export class SentBytes {
  readonly #bodies = new Set<Body>();
  #stored = 0;
  #sent = 0;

  /** Watches a body that is sent. */
  watch(size: number): BodyWatch {
    const body = { size, sent: 0 };
    this.#bodies.add(body);
    return {
      onSent: (bytes) => {
        const now = Math.min(bytes, size);
        this.#sent += Math.max(0, now - body.sent);
        body.sent = now;
      },
    };
  }

  /** The client has this much of the file stored. */
  stored(bytes: number): void {
    const more = bytes - this.#stored;
    this.#stored = bytes;
    // The body that has just been stored is counted there now. One that was there already was never sent.
    const body = [...this.#bodies].filter(({ size }) => size === more).sort((one, other) => other.sent - one.sent)[0];
    if (body !== undefined && body.sent > 0) this.#bodies.delete(body);
  }

  get bytes(): number {
    let bytes = this.#stored;
    for (const { sent } of this.#bodies) bytes += sent;
    return bytes;
  }

  /** Bytes that have gone out since this was asked the last time. */
  takeSent(): number {
    const sent = this.#sent;
    this.#sent = 0;
    return sent;
  }
}
