import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { cut, pattern, readBytes, watched, writeBytes } from './blob-steps.ts';
import type { BlobFixture, ContractTests } from './contract-test.ts';
import { expectAllClosed, uncountable } from './open-descriptors.ts';

/** Tests that no descriptor of a blob stays open. */
export function blobDescriptorTests(tests: ContractTests<BlobStore, BlobFixture>): void {
  tests.test('no descriptor stays open, however a read or a write ends', expectNoOpenBlobs, uncountable);
}

/** Reads and writes in every way that they can end. Fails with the name of the way that leaves a descriptor open. */
export async function expectNoOpenBlobs(store: BlobStore): Promise<void> {
  const content = pattern(300_000);
  await writeBytes(store, 'a', content);
  const begin = async () => (await store.read('a'))[Symbol.asyncIterator]();
  const failure = new Error('the client went away');
  await expectAllClosed({
    'a read to the end': () => readBytes(store, 'a'),
    'a read of a range': () => readBytes(store, 'a', { start: 70_000, length: 1_000 }),
    'a read that is left after its first piece': async () => {
      const iterator = await begin();
      await iterator.next();
      await iterator.return?.();
    },
    'a read that is left before its first piece': async () => (await begin()).return?.(),
    'a read outside of the blob': () =>
      expect(store.read('a', { start: 300_000, length: 1 })).rejects.toThrow(RangeError),
    'a read of what is not there': () => expect(store.read('missing')).rejects.toThrow(),
    'a write': (round) => writeBytes(store, `w${round}`, content),
    'a write of nothing': (round) => writeBytes(store, `e${round}`, pattern(0)),
    'a write whose stream fails': () =>
      expect(store.write('f', watched(cut(content, 50_000), { failure }).stream)).rejects.toBe(failure),
    'a write that is aborted': () => {
      const controller = new AbortController();
      const before = (index: number) => {
        if (index === 2) controller.abort(failure);
      };
      const { stream } = watched(cut(content, 50_000), { before });
      return expect(store.write('f', stream, { signal: controller.signal })).rejects.toBe(failure);
    },
    'a write of a blob that is there': () => expect(writeBytes(store, 'a', content)).rejects.toThrow(),
    'a look at the size': () => store.size('a'),
    'a list': () => store.list({ limit: 100 }),
    'a blob that goes into quarantine and comes back': async (round) => {
      await store.quarantine('a', round);
      await store.listQuarantine({ limit: 10 });
      await store.restore('a');
    },
    'a delete': (round) => store.delete(`w${round}`),
  });
}
