import { collect, streamOf, type ByteStream } from '@coffer/bytes';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { trackAnswer, type AnswerEnd } from './tracked-answer.ts';

function tracked(stream: ByteStream) {
  const ends: AnswerEnd[] = [];
  const iterate = trackAnswer(stream, (end) => ends.push(end));
  return { ends, stream: iterate };
}

describe('trackAnswer', () => {
  test.prop([fc.array(fc.uint8Array({ maxLength: 20 }))])(
    'hands on all bytes and tells the end once',
    async (pieces) => {
      const { ends, stream } = tracked(streamOf(...pieces));
      const bytes = await collect(stream, 10_000);
      expect(Buffer.from(bytes)).toEqual(Buffer.concat(pieces));
      expect(ends).toEqual([{ bytes: bytes.length, complete: true }]);
    },
  );

  it('tells of a failure', async () => {
    const failure = new Error('as said');
    const { ends, stream } = tracked(
      (async function* () {
        yield new Uint8Array(3);
        throw failure;
      })(),
    );
    await expect(collect(stream, 10)).rejects.toBe(failure);
    expect(ends).toEqual([{ bytes: 3, complete: false, error: failure }]);
  });

  it('tells of a stream that nobody pulled from, and of one that was left', async () => {
    const unread = tracked(streamOf(new Uint8Array(3)));
    await unread.stream[Symbol.asyncIterator]().return?.();
    expect(unread.ends).toEqual([{ bytes: 0, complete: false }]);
    const left = tracked(streamOf(new Uint8Array(3), new Uint8Array(3)));
    for await (const piece of left.stream) if (piece.length > 0) break;
    expect(left.ends).toEqual([{ bytes: 3, complete: false }]);
  });
});
