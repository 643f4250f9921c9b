import type { MetadataStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests, MetadataFixture } from './contract-test.ts';
import { counter, expectCounter, key, putCounter, write } from './metadata-steps.ts';
import { expectAllClosed, uncountable } from './open-descriptors.ts';

/** Tests that no descriptor of the metadata store stays open. */
export function metadataDescriptorTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  tests.test(
    'no descriptor stays open, whatever was done',
    async (store, { reopen }) => {
      await write(store, putCounter('a', 1));
      const conflicting = { expectations: [expectCounter('a', 'absent')], writes: [putCounter('a', 2)] };
      await expectAllClosed({
        'a commit': (round) => write(store, putCounter('b', round)),
        'a commit that conflicts': () => expect(store.commit(conflicting)).rejects.toThrow(),
        'a get': () => counter(store, 'a'),
        'a scan that leaves rows': () => store.scan('counters', { start: key('a'), end: undefined, limit: 1 }),
      });
      if (reopen === undefined) return;
      await expectAllClosed({
        'opening again and closing': async () => {
          const again = await reopen();
          expect(await counter(again, 'a')).toBe(1);
          await again.close();
        },
      });
    },
    uncountable,
  );
}
