import { followStream, type ByteStream, type StreamEnd } from '@coffer/bytes';

/** How the body of an answer ended. */
export interface AnswerEnd extends StreamEnd {
  /** Bytes handed on. */
  readonly bytes: number;
}

/**
 * The stream, to be iterated once, with `onEnd` called exactly once when it ends, fails or is given up: also where
 * nobody ever pulled from it, when a generator's own `finally` would not run.
 */
export function trackAnswer(stream: ByteStream, onEnd: (end: AnswerEnd) => void): ByteStream {
  let bytes = 0;
  return followStream(stream, {
    onBytes: (piece) => void (bytes += piece.length),
    onEnd: (end) => {
      onEnd({ bytes, ...end });
    },
  });
}
