import { describe, expect, it } from 'vitest';
import { collect } from '@coffer/bytes';
import { typescriptEngine, typescriptKeys, type KeyEngine } from '@coffer/envelope-crypto';
import { seededRandom } from '@coffer/storage-testkit';
import { createStorage } from '../create-storage.ts';
import { bodyOf, createFixture, customer, newFile, sampleBytes } from '../../test/fixture.ts';

/** One less, one more and just as much as a chunk, and as is kept in the metadata store. */
const lengths = [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537];

describe('an engine for keys', () => {
  it.each(['SSE-B2', 'SSE-C'] as const)('changes nothing of what is stored: %s', async (mode) => {
    const calls = new Set<string>();
    const fixture = await createFixture();
    const { bucket, storage: without } = fixture;
    const random = seededRandom('with an engine');
    const engine = { ...typescriptEngine, keys: watched(calls) };
    const withEngine = createStorage({ ...fixture, random, engine });
    for (const length of lengths)
      for (const [writer, reader] of [
        [withEngine, without],
        [without, withEngine],
      ] as const) {
        const data = sampleBytes(length);
        const encryption = mode === 'SSE-C' ? customer(1) : ({ mode } as const);
        const version = await writer.files.upload(newFile(bucket.bucketId, 'file', { encryption }), bodyOf(data));
        expect(version.encryption.mode).toBe(mode);
        const opened = await reader.reads.open(version, mode === 'SSE-C' ? customer(1) : undefined);
        expect(await collect(opened.read({ start: 0, length }), length)).toEqual(data);
        opened.close();
        if (mode === 'SSE-C')
          await expect(reader.reads.open(version, customer(2))).rejects.toMatchObject({ code: 'customer_key_wrong' });
      }
    const expected = mode === 'SSE-C' ? ['expand', 'mac', 'unwrap', 'wrap'] : ['expand'];
    expect([...calls].sort()).toEqual(expected);
  });
});

/** The TypeScript engine, which writes down what is asked of it. */
function watched(calls: Set<string>): KeyEngine {
  return new Proxy(typescriptKeys, {
    get: (keys, name: keyof KeyEngine) => {
      calls.add(name);
      return keys[name];
    },
  });
}
