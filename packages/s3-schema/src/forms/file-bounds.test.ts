import { collect, streamOf } from '@coffer/bytes';
import { expect, it } from 'vitest';
import { boundFile } from './file-bounds.ts';

const bounds = { minBytes: 5, maxBytes: 10 };
const read = (...lengths: readonly number[]) =>
  collect(boundFile(streamOf(...lengths.map((length) => new Uint8Array(length))), bounds), 100);

it('a file within its bounds passes through', async () => {
  for (const lengths of [[5], [10], [0, 3, 0, 4]])
    expect((await read(...lengths)).length).toBe(lengths.reduce((sum, length) => sum + length, 0));
});

it('a longer file, and a shorter one, are refused', async () => {
  const tooSmall = { code: 'EntityTooSmall', details: { ProposedSize: 4, MinSizeAllowed: 5 } };
  await expect(read(2, 2)).rejects.toMatchObject(tooSmall);
  await expect(read(5, 6)).rejects.toMatchObject({ code: 'EntityTooLarge', details: { MaxSizeAllowed: 10 } });
});

it('a longer file is refused before more of it is asked for', async () => {
  let pulled = 0;
  const endless = (async function* () {
    for (;;) {
      pulled++;
      await Promise.resolve();
      yield new Uint8Array(4);
    }
  })();
  await expect(collect(boundFile(endless, bounds), 100)).rejects.toMatchObject({ code: 'EntityTooLarge' });
  expect(pulled).toBe(3);
});
