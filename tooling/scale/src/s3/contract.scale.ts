import { blobStoreContract, type BlobFixture, type ContractOptions } from '@coffer/storage-testkit';
import { inject } from 'vitest';
import { openTarget, type TargetFixture } from './open-target.ts';

const isShort = process.env['COFFER_SCALE_SHORT'] === '1';

/** They make thousands of requests one after the other, which takes a minute. */
const longTests = [
  'readers that leave early, or before the first piece, release the blob',
  'no descriptor stays open, however a read or a write ends',
];

const options: ContractOptions<BlobFixture> = {
  deviations: isShort ? longTests.map((test) => ({ test, reason: 'left out of the short form' })) : [],
  faults: [
    {
      name: 'nobody answers',
      code: 'io',
      reason: 'of a store that cannot be reached nothing is known',
      provoke: (fixture) => {
        const { proxy } = fixture as TargetFixture;
        proxy.down();
        return Promise.resolve(() => {
          proxy.up();
          return Promise.resolve();
        });
      },
    },
  ],
};

for (const target of inject('s3Targets')) {
  blobStoreContract(target.name, () => openTarget(target), options);
  // A prime, so that the faults meet all kinds of chunks; large enough that most parts of 5 MiB come through.
  if (!isShort)
    blobStoreContract(`${target.name}, disturbed`, () => openTarget(target, { cut: 307, delay: 101, stall: 1_009 }), {
      deviations: longTests
        .slice(0, 1)
        .map((test) => ({ test, reason: 'thousands of disturbed requests take too long' })),
    });
}
