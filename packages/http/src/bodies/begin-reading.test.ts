import { collect, type ByteStream } from '@coffer/bytes';
import { expect, test } from 'vitest';
import { beginReading } from './begin-reading.ts';

/** Yields the pieces, throws what is an error, and says what became of it. */
function source(pieces: readonly (string | Error)[]) {
  const state = { pulled: 0, ended: false };
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) {
        state.pulled++;
        if (piece instanceof Error) throw piece;
        yield new TextEncoder().encode(piece);
      }
    } finally {
      state.ended = true;
    }
  };
  return { state, stream: stream() };
}

const text = async (stream: ByteStream) => new TextDecoder().decode(await collect(stream, 100));

test.each([[[]], [['abc']], [['ab', 'c']], [['', 'a', '', 'bc']]])('%j comes unchanged', async (pieces) => {
  const { stream } = source(pieces);
  expect(await text(await beginReading(stream, pieces.join('').length))).toBe(pieces.join(''));
});

test('a long stream is begun, not read', async () => {
  const { stream, state } = source(['a', 'b', 'c']);
  await beginReading(stream, 3);
  expect(state.pulled).toBe(1);
});

test.each([[[new Error('damaged')]], [['', new Error('damaged')]], [['abc', new Error('damaged')]]])(
  '%j fails before anything is answered',
  async (pieces) => {
    await expect(beginReading(source(pieces).stream, 3)).rejects.toThrow('damaged');
  },
);

test('what fails later fails later', async () => {
  const begun = await beginReading(source(['a', new Error('damaged')]).stream, 3);
  await expect(text(begun)).rejects.toThrow('damaged');
});

test('given up unread, it ends the stream', async () => {
  const { stream, state } = source(['a', 'b']);
  const begun = await beginReading(stream, 2);
  await begun[Symbol.asyncIterator]().return?.();
  expect(state.ended).toBe(true);
});
