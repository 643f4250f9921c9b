import type { ByteStream } from '../byte-stream.ts';

/** A stream that tells how it was read. */
export interface Probe {
  readonly stream: ByteStream;
  /** Pieces handed out. */
  pulled: number;
  /** How often the producer was told that it is over, or found so itself. */
  ended: number;
}

/** The pieces, and behind them the failure if one is given. It is open from the start, not only from the first pull. */
export function probe(pieces: readonly Uint8Array[], failure?: Error): Probe {
  const state: Probe = { stream: { [Symbol.asyncIterator]: () => iterator }, pulled: 0, ended: 0 };
  const end = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    state.ended++;
    return Promise.resolve({ done: true, value: undefined });
  };
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next() {
      const piece = pieces[state.pulled];
      if (piece === undefined) return failure === undefined ? end() : end().then(() => Promise.reject(failure));
      state.pulled++;
      return Promise.resolve({ done: false, value: piece });
    },
    return: end,
  };
  return state;
}
