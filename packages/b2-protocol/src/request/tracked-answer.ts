import type { ByteStream } from '@coffer/bytes';

/** How the body of an answer ended. */
export interface AnswerEnd {
  /** Bytes handed on. */
  readonly bytes: number;
  /** Whether the stream came to its own end. */
  readonly complete: boolean;
  /** What the stream threw, if it did. */
  readonly error?: unknown;
}

/**
 * The stream, with `onEnd` called exactly once when it ends, fails or is given up: also where nobody ever pulled from it, when a
 * generator's own `finally` would not run.
 */
export function trackAnswer(stream: ByteStream, onEnd: (end: AnswerEnd) => void): ByteStream {
  let bytes = 0;
  let ended = false;
  const end = (how: Omit<AnswerEnd, 'bytes'>) => {
    if (ended) return;
    ended = true;
    onEnd({ bytes, ...how });
  };
  return {
    [Symbol.asyncIterator]() {
      const source = stream[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const piece = await source.next();
            if (piece.done === true) end({ complete: true });
            else bytes += piece.value.length;
            return piece;
          } catch (error) {
            end({ complete: false, error });
            throw error;
          }
        },
        async return() {
          try {
            return (await source.return?.()) ?? { done: true as const, value: undefined };
          } finally {
            end({ complete: false });
          }
        },
      };
    },
  };
}
