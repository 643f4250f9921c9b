import { stage, type ByteStream } from '@coffer/bytes';

/** How content is fetched in several ranges at once. */
export interface RangePlan {
  /** Bytes of the whole content. */
  readonly length: number;
  /** Ranges that are fetched at the same time; so many are in memory, and the one that is being read. */
  readonly parallel: number;
  /** Bytes of each range but the last. */
  readonly rangeSize: number;
  readonly signal: AbortSignal | undefined;
  /** Fetches some bytes, counted from the begin of the content. */
  readonly fetchRange: (from: number, length: number, signal: AbortSignal) => Promise<Uint8Array>;
}

/**
 * The content in its order, of which only the first range is read from `begun`, the answer that was there already; it
 * is left then. The first failure, and whoever stops reading, ends what is being fetched.
 */
export function inRanges(begun: ByteStream, plan: RangePlan): AsyncGenerator<Uint8Array, void> {
  const { length, parallel, rangeSize, signal, fetchRange } = plan;
  return stage(begun, async function* (source) {
    const ended = new AbortController();
    const both = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
    const fetched: Promise<Uint8Array>[] = [];
    let next = rangeSize;
    const fetchUpTo = (count: number) => {
      for (; fetched.length < count && next < length; next += rangeSize) {
        const bytes = fetchRange(next, Math.min(rangeSize, length - next), both);
        // It may fail while another range is waited for.
        bytes.catch(() => undefined);
        fetched.push(bytes);
      }
    };
    try {
      fetchUpTo(parallel - 1);
      yield* firstBytes(source, rangeSize);
      for (;;) {
        fetchUpTo(parallel);
        const bytes = fetched.shift();
        if (bytes === undefined) return;
        yield await bytes;
      }
    } finally {
      ended.abort();
    }
  });
}

async function* firstBytes(source: ByteStream, count: number): AsyncGenerator<Uint8Array, void> {
  let left = count;
  for await (const piece of source) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}
