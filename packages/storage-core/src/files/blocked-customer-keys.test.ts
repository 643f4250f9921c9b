import { expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import {
  bodyOf,
  census,
  createFixture,
  customer,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
} from '../../test/fixture.ts';

const data = sampleBytes(200);

/** A bucket with an SSE-C file and an unfinished one, which blocks customer keys since then. */
async function openBlocked() {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  const { bucketId } = bucket;
  const file = await uploadTo(fixture, 'file', data, { encryption: customer(1) });
  const started = await storage.largeFiles.start(newFile(bucketId, 'large', { encryption: customer(1) }));
  await storage.buckets.update(bucketId, { blocksCustomerKeys: true });
  const refused = { code: 'customer_keys_blocked', details: { bucketId } };
  return { fixture, bucketId, file, started, refused };
}

test('a bucket that blocks customer keys refuses new files with them, and reads nothing of them', async () => {
  const { fixture, bucketId, file, refused } = await openBlocked();
  const { storage } = fixture;
  const before = await census(fixture);
  let pulled = false;
  const stream = (async function* () {
    pulled = true;
    yield* streamOf(data);
  })();
  const encryption = customer(1);
  const content = bodyOf(data, { body: { stream, length: data.length } });
  await expect(storage.files.upload(newFile(bucketId, 'a', { encryption }), content)).rejects.toMatchObject(refused);
  expect(pulled).toBe(false);
  await expect(storage.largeFiles.start(newFile(bucketId, 'a', { encryption }))).rejects.toMatchObject(refused);
  const source = { fileId: file.fileId, encryption };
  await expect(storage.copies.copyFile({ source, name: 'a', encryption })).rejects.toMatchObject(refused);
  expect(await census(fixture)).toEqual(before);
});

test('other files, and whatever was begun before, go on there', async () => {
  const { fixture, bucketId, file, started } = await openBlocked();
  const { storage, accountId } = fixture;
  for (const mode of ['none', 'SSE-B2'] as const)
    expect(await uploadTo(fixture, mode, data, { encryption: { mode } })).toMatchObject({ encryption: { mode } });
  expect(await readBack(storage, file, customer(1))).toEqual(data);
  const { fileId } = started;
  const encryption = customer(1);
  for (const partNumber of [1, 2])
    await storage.largeFiles.uploadPart({ fileId, partNumber, encryption }, bodyOf(data));
  const finished = await storage.largeFiles.finish(fileId, [sha1Of(data), sha1Of(data)]);
  expect(finished.encryption.mode).toBe('SSE-C');
  const other = await storage.buckets.create({ accountId, name: 'other-bucket', type: 'allPrivate', settings: {} });
  const source = { fileId: file.fileId, encryption };
  const copy = await storage.copies.copyFile({ source, bucketId: other.bucketId, name: 'copy', encryption });
  expect(copy.encryption.mode).toBe('SSE-C');
  expect(await storage.copies.copyFile({ source, name: 'plain copy' })).toMatchObject({ encryption: { mode: 'none' } });
  await storage.buckets.update(bucketId, { blocksCustomerKeys: false });
  expect(await uploadTo(fixture, 'again', data, { encryption })).toMatchObject({ encryption: { mode: 'SSE-C' } });
});
