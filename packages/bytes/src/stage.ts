import type { ByteStream } from './byte-stream.ts';

/**
 * A stage that ends its source even when the consumer leaves before the first pull, which a plain generator does not
 * do. So a stream that holds something open from the start releases it, however many stages are around it.
 *
 * @example
 * ```ts
 * const doubled = stage(streamOf(new Uint8Array([1, 2])), async function* (source) {
 *   for await (const piece of source) yield piece.map((byte) => byte * 2);
 * });
 * assert.deepEqual(await collect(doubled, 2), new Uint8Array([2, 4]));
 * ```
 */
export function stage(
  source: ByteStream,
  body: (source: ByteStream) => AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  let begun = false;
  const generator = body({
    [Symbol.asyncIterator]() {
      begun = true;
      return source[Symbol.asyncIterator]();
    },
  });
  const finish = generator.return.bind(generator);
  generator.return = async (value) => {
    if (!begun) {
      begun = true;
      await endUnread(source);
    }
    return finish(value);
  };
  return generator;
}

/** Ends a stream of which nothing was read. */
export async function endUnread(source: ByteStream): Promise<void> {
  await source[Symbol.asyncIterator]().return?.();
}
