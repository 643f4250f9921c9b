import type { ByteStream } from './byte-stream.ts';

/** A Web stream that pulls from `stream` one piece per demand; cancelling it runs the producer's `finally`. */
export function toWebStream(stream: ByteStream): ReadableStream<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The bytes of a Web stream; leaving the loop early cancels it. */
export async function* fromWebStream(web: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = web.getReader();
  let ended = false;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) break;
      yield next.value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
