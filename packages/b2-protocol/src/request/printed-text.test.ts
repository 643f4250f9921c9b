import { canFill, collect, concatBytes, type SizedStream } from '@coffer/bytes';
import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { PrintedText, textBuffers } from './printed-text.ts';

const encoder = new TextEncoder();
/** Some buffers, of characters of one to four bytes. */
const long = 'aä€😀'.repeat(30_000);

function longBody(...texts: readonly string[]): SizedStream {
  const text = new PrintedText();
  for (const some of texts) text.add(some);
  const body = text.body();
  if (body instanceof Uint8Array) throw new Error('A long text is a stream');
  return body;
}

async function fillAll({ stream, length }: SizedStream, sizes: readonly number[]): Promise<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  if (!canFill(iterator)) throw new Error('The stream fills buffers');
  const pieces: Uint8Array[] = [];
  for (let turn = 0; ; turn++) {
    const target = new Uint8Array(sizes[turn % sizes.length] ?? 1);
    const count = await iterator.fill(target);
    if (count === 0) return concatBytes(pieces, length);
    pieces.push(target.subarray(0, count));
  }
}

afterEach(() => {
  expect(textBuffers.inUse).toBe(0);
});

describe('printed text', () => {
  it('is one piece if it is short', () => {
    const text = new PrintedText();
    expect(text.add('ä')).toBe(false);
    expect(text.add('b')).toBe(false);
    expect(text.body()).toEqual(encoder.encode('äb'));
    expect(new PrintedText().body()).toEqual(new Uint8Array());
  });

  const unit = fc.constantFrom('a', 'ä', '€', '😀', '\ud800', '"');
  const texts = fc.array(fc.tuple(fc.string({ unit, maxLength: 9 }), fc.integer({ min: 1, max: 20_000 })), {
    minLength: 1,
    maxLength: 6,
  });
  const sizes = fc.array(fc.integer({ min: 50_000, max: 300_000 }), { minLength: 1, maxLength: 3 });
  test.prop([texts, sizes], { numRuns: 50 })(
    'has the bytes of its text, however it is cut and read',
    async (cut, by) => {
      const parts = [long, ...cut.map(([some, times]) => some.repeat(times))];
      const bytes = encoder.encode(parts.join(''));
      const body = longBody(...parts);
      expect(body.length).toBe(bytes.length);
      expect(Buffer.compare(bytes, await collect(body.stream, bytes.length))).toBe(0);
      expect(Buffer.compare(bytes, await fillAll(longBody(...parts), by))).toBe(0);
    },
  );

  it('says when others are to have a turn, and goes on after another text', async () => {
    const [text, other] = [new PrintedText(), new PrintedText()];
    text.add('[');
    expect(other.add(long)).toBe(true);
    expect(other.add('b')).toBe(false);
    text.append(other);
    text.add(']');
    const body = text.body() as SizedStream;
    expect(await collect(body.stream, body.length)).toEqual(encoder.encode(`[${long}b]`));
    other.release();
  });

  it('gives back each buffer as soon as it was read, and the rest when it is left', async () => {
    const { stream } = longBody(long);
    const all = textBuffers.inUse;
    expect(all).toBe(Math.ceil(encoder.encode(long).length / 65_536));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    expect(textBuffers.inUse).toBe(all - 1);
    await iterator.return?.();
    expect(textBuffers.inUse).toBe(0);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('gives its buffers back where it is not sent', () => {
    const text = new PrintedText();
    text.add(long);
    expect(textBuffers.inUse).toBeGreaterThan(0);
    text.release();
  });
});
