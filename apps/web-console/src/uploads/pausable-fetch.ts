import type { Fetch } from '@coffer/client';
import type { Gate } from './gate.ts';

/** Sends a request, and calls `onSent` with the bytes of its body that have gone out so far. */
export type SendBody = (url: string, init: RequestInit, onSent: (bytes: number) => void) => Promise<Response>;

/** Who is told of a request's body. */
export interface BodyWatch {
  /** Bytes that have gone out; it may become less if the request is sent again. */
  readonly onSent: (bytes: number) => void;
}

interface Pausable {
  readonly gate: Gate;
  /** Called for each request with a body of bytes. */
  readonly watch: (size: number) => BodyWatch;
  readonly fetch: Fetch;
  readonly send: SendBody;
}

/**
 * A fetch that a gate holds: nothing is sent while it is closed, and bodies that are on their way when it is closed are
 * broken off, and sent again when it opens.
 */
export function pausableFetch({ gate, watch, fetch, send }: Pausable): Fetch {
  return async (url, init) => {
    const signal = init.signal ?? new AbortController().signal;
    await gate.passage(signal);
    if (!(init.body instanceof Blob) && !(init.body instanceof Uint8Array)) return fetch(url, init);
    const { onSent } = watch(init.body instanceof Blob ? init.body.size : init.body.byteLength);
    for (;;) {
      const { closing } = gate;
      try {
        return await send(url, { ...init, signal: AbortSignal.any([signal, closing]) }, onSent);
      } catch (error) {
        onSent(0);
        if (signal.aborted || !closing.aborted) throw error;
        await gate.passage(signal);
      }
    }
  };
}
