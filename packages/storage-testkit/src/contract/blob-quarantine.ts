import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { pattern, readBytes, writeBytes } from './blob-steps.ts';
import type { BlobFixture, ContractTests } from './contract-test.ts';
import { inCase } from './in-case.ts';

const missing = { name: 'StoreError', code: 'missing_blob' };
const closed = { name: 'StoreError', code: 'closed' };
const monday = Date.UTC(2026, 0, 5);

/** Taking blobs out of use, finding them there, and putting them back or removing them. */
export function blobQuarantineTests(tests: ContractTests<BlobStore, BlobFixture>): void {
  tests.test('a blob in quarantine is out of use, and whole again when it is restored', async (store) => {
    await writeBytes(store, 'abc', pattern(100_000));
    await writeBytes(store, 'abd', pattern(10));
    await store.quarantine('abc', monday);
    await expect(store.size('abc')).rejects.toMatchObject(missing);
    await expect(store.read('abc')).rejects.toMatchObject(missing);
    expect(await store.list({ limit: 10 })).toEqual(['abd']);
    expect(await store.listQuarantine({ limit: 10 })).toEqual([
      { blobId: 'abc', quarantinedAt: monday, size: 100_000 },
    ]);
    await store.restore('abc');
    expect(await store.listQuarantine({ limit: 10 })).toEqual([]);
    expect(await store.list({ limit: 10 })).toEqual(['abc', 'abd']);
    expect(await readBytes(store, 'abc')).toEqual(pattern(100_000));
  });

  tests.test('only purging removes a blob from quarantine, and it removes no other', async (store) => {
    for (const blobId of ['abc', 'abd', 'abe']) await writeBytes(store, blobId, pattern(10));
    for (const blobId of ['abc', 'abd']) await store.quarantine(blobId, monday);
    await store.delete('abc');
    await store.sweep();
    expect(await ids(store)).toEqual(['abc', 'abd']);
    await store.purge('abc');
    await store.purge('abc');
    await store.purge('abe');
    await store.purge('zz');
    expect(await ids(store)).toEqual(['abd']);
    expect(await store.list({ limit: 10 })).toEqual(['abe']);
    await expect(store.restore('abc')).rejects.toMatchObject(missing);
  });

  tests.test('each step may be repeated, and the latest time of quarantining counts', async (store) => {
    await writeBytes(store, 'abc', pattern(10));
    await store.quarantine('abc', monday + 1);
    await store.quarantine('abc', monday);
    expect(await store.listQuarantine({ limit: 10 })).toMatchObject([{ quarantinedAt: monday + 1 }]);
    await store.restore('abc');
    await store.restore('abc');
    await store.quarantine('abc', monday + 2);
    expect(await store.listQuarantine({ limit: 10 })).toMatchObject([{ quarantinedAt: monday + 2 }]);
  });

  tests.test('what is nowhere can be neither put into quarantine nor restored', async (store) => {
    await expect(store.quarantine('abc', monday)).rejects.toMatchObject(missing);
    await expect(store.restore('abc')).rejects.toMatchObject(missing);
    expect(await store.listQuarantine({ limit: 10 })).toEqual([]);
  });

  tests.test('the quarantine is listed in bytewise order and pages by the last id', async (store) => {
    const all = ['0', '00', '9z', 'a', 'a0', 'quarantine', 'tmp', 'z'];
    for (const blobId of [...all].reverse()) {
      await writeBytes(store, blobId, pattern(1));
      await store.quarantine(blobId, monday);
    }
    expect(await ids(store)).toEqual(all);
    expect(await ids(store, { after: '9z', limit: 2 })).toEqual(['a', 'a0']);
    expect(await ids(store, { after: 'z', limit: 1 })).toEqual([]);
    for (const limit of [0, -1, 1.5])
      await inCase(`limit ${limit}`, () => expect(store.listQuarantine({ limit })).rejects.toThrow(RangeError));
  });

  tests.test('what is no blob id, or no time, cannot be put into quarantine', async (store) => {
    for (const blobId of ['', 'A', '../a', 'a'.repeat(65)])
      await inCase(`blob id ${JSON.stringify(blobId)}`, async () => {
        await expect(store.quarantine(blobId, monday)).rejects.toThrow(RangeError);
        await expect(store.restore(blobId)).rejects.toThrow(RangeError);
        await expect(store.purge(blobId)).rejects.toThrow(RangeError);
      });
    await writeBytes(store, 'abc', pattern(1));
    for (const at of [-1, 1.5, NaN])
      await inCase(`time ${at}`, () => expect(store.quarantine('abc', at)).rejects.toThrow(RangeError));
  });

  tests.reopeningTest(
    'the quarantine and its times are there when the store is opened again',
    async (store, reopen) => {
      await writeBytes(store, 'abc', pattern(10));
      await store.quarantine('abc', monday);
      await store.close();
      const again = await reopen();
      expect(await again.listQuarantine({ limit: 10 })).toEqual([{ blobId: 'abc', quarantinedAt: monday, size: 10 }]);
      expect(await again.list({ limit: 10 })).toEqual([]);
      await again.restore('abc');
      expect(await readBytes(again, 'abc')).toEqual(pattern(10));
    },
  );

  tests.test('a closed store refuses to touch the quarantine', async (store) => {
    await writeBytes(store, 'abc', pattern(10));
    await store.close();
    await expect(store.quarantine('abc', monday)).rejects.toMatchObject(closed);
    await expect(store.listQuarantine({ limit: 1 })).rejects.toMatchObject(closed);
    await expect(store.restore('abc')).rejects.toMatchObject(closed);
    await expect(store.purge('abc')).rejects.toMatchObject(closed);
  });
}

async function ids(store: BlobStore, options: { after?: string; limit: number } = { limit: 100 }) {
  return (await store.listQuarantine(options)).map(({ blobId }) => blobId);
}
