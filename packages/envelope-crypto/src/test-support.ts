import { SecretBytes, collect, streamOf, type ByteRange, type ByteStream, type FillingIterator } from '@coffer/bytes';
import { EnvelopeError, type EnvelopeErrorCode } from './envelope-error.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';
import type { BlobSource, ExpectedBlob } from './open-blob.ts';

/** Bytes that differ from place to place and from seed to seed. */
export function patternOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (seed * 31 + i * 7 + (i >> 8) * 13 + (i >> 16)) & 0xff;
  return bytes;
}

export function secretOf(byte: number): SecretBytes {
  return SecretBytes.copyOf(new Uint8Array(32).fill(byte));
}

/** The bytes in pieces of the given sizes, over and over. */
// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable without anything to wait for
export async function* inPieces(bytes: Uint8Array, ...sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0, i = 0; offset < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

export function sourceOf(stored: Uint8Array): BlobSource {
  return {
    length: stored.length,
    read: ({ start, length }: ByteRange) => streamOf(stored.slice(start, start + length)),
  };
}

/** Any blob of so many bytes. */
export function anyOf(plaintextLength: number): ExpectedBlob {
  return { plaintextLength, commitment: null };
}

export function whole(stream: ByteStream): Promise<Uint8Array> {
  return collect(stream, Number.MAX_SAFE_INTEGER);
}

/** What a stream released, and the code it failed with. */
export interface Outcome {
  readonly released: Uint8Array;
  readonly code: EnvelopeErrorCode | undefined;
}

/** Runs a stream to its end or failure, after which it must have ended; other errors than the engine's pass through. */
export async function outcomeOf(start: () => ByteStream): Promise<Outcome> {
  const pieces: Uint8Array[] = [];
  const code = await codeOf(async () => {
    const iterator = start()[Symbol.asyncIterator]();
    const failure = await codeOf(async () => {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) pieces.push(next.value);
    });
    if ((await iterator.next()).done !== true) throw new Error('The stream went on after its end');
    if (failure !== undefined) throw new EnvelopeError(failure, 'as above');
  });
  return { released: Uint8Array.from(Buffer.concat(pieces)), code };
}

/** The code of the engine error that `run` fails with, or undefined if it succeeds. */
export async function codeOf(run: () => unknown): Promise<EnvelopeErrorCode | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code;
    throw error;
  }
}

/** Two global keys: `gk_old`, decrypt-only, and `gk_new`, active; and `gk_gone`, destroyed. */
export function testProvider(): MemoryKeyProvider {
  return new MemoryKeyProvider([
    { id: 'gk_gone', state: 'destroyed', createdAt: 1, key: null },
    { id: 'gk_old', state: 'decrypt-only', createdAt: 2, key: secretOf(0x11) },
    { id: 'gk_new', state: 'active', createdAt: 3, key: secretOf(0x22) },
  ]);
}

/** The stream as one that fills its consumer's memory; what `next` gave it in one piece may take several fills. */
export function fillable(stream: ByteStream): ByteStream {
  const pieces = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const iterator: FillingIterator = {
    fill: async (target) => {
      while (rest.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return 0;
        rest = next.value;
      }
      const part = rest.subarray(0, target.length);
      target.set(part);
      rest = rest.subarray(part.length);
      return part.length;
    },
    next: () => Promise.reject(new Error('Only fills')),
    return: async () => {
      await pieces.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
