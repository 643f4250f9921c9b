import { keys } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import {
  beforeNextCommit,
  census,
  createFixture,
  newFile,
  startTime,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { rule } from '../../test/lifecycle-fixture.ts';
import type { BucketSettings } from '../services/storage.ts';

function create({ storage, accountId }: Fixture, name: string, settings: BucketSettings = {}) {
  return storage.buckets.create({ accountId, name, type: 'allPublic', settings });
}

describe('buckets', () => {
  test('begin at revision 2 with defaults', async () => {
    const fixture = await createFixture();
    const bucket = await create(fixture, 'Some-Bucket');
    expect(bucket).toEqual({
      bucketId: bucket.bucketId,
      accountId: fixture.accountId,
      name: 'Some-Bucket',
      type: 'allPublic',
      info: {},
      corsRules: [],
      lifecycleRules: [],
      defaultEncryption: 'none',
      fileLockEnabled: false,
      defaultRetention: null,
      replication: null,
      notifies: false,
      revision: 2,
      createdAt: startTime,
    });
    expect(bucket.bucketId).toMatch(/^[0-9a-f]{24}$/);
    expect(await fixture.storage.buckets.get(bucket.bucketId)).toEqual(bucket);
    expect(await fixture.storage.buckets.getByName('sOME-bUCKET')).toEqual(bucket);
  });

  test('say that they block customer keys only while they do', async () => {
    const fixture = await createFixture();
    const { buckets } = fixture.storage;
    const { bucketId } = await create(fixture, 'some-bucket', { blocksCustomerKeys: false });
    const keysOf = async () => (await fixture.metadata.get('buckets', keys.buckets(bucketId)))?.value;
    expect(await keysOf()).not.toHaveProperty('blocksCustomerKeys');
    expect(await buckets.update(bucketId, { blocksCustomerKeys: true })).toMatchObject({ blocksCustomerKeys: true });
    expect(await buckets.update(bucketId, { info: { a: 'b' } })).toMatchObject({ blocksCustomerKeys: true });
    expect(await keysOf()).toMatchObject({ blocksCustomerKeys: true });
    expect(await buckets.update(bucketId, { blocksCustomerKeys: false })).not.toHaveProperty('blocksCustomerKeys');
    expect(await keysOf()).not.toHaveProperty('blocksCustomerKeys');
    const blocking = await create(fixture, 'other-bucket', { blocksCustomerKeys: true });
    expect(await buckets.get(blocking.bucketId)).toMatchObject({ blocksCustomerKeys: true });
  });

  test('have names that differ in more than case', async () => {
    const fixture = await createFixture();
    await expect(create(fixture, 'BUCKET-one')).rejects.toMatchObject({ code: 'bucket_name_taken' });
    const results = await Promise.allSettled([1, 2, 3].map(() => create(fixture, 'same-name')));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('are limited in number, also when made at once', async () => {
    const fixture = await createFixture({ options: { maximumBuckets: 4 } });
    const results = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => create(fixture, `bucket-${n}`)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
    await expect(create(fixture, 'bucket-x')).rejects.toMatchObject({
      code: 'too_many_buckets',
      details: { limit: 4 },
    });
  });

  test('are listed by name, and filtered', async () => {
    const fixture = await createFixture();
    const { storage, accountId, bucket } = fixture;
    const [b, a] = [await create(fixture, 'bbbbbb'), await create(fixture, 'aaaaaa')];
    expect(await storage.buckets.list({ accountId })).toEqual([a, b, bucket]);
    expect(await storage.buckets.list({ accountId, bucketId: b.bucketId })).toEqual([b]);
    expect(await storage.buckets.list({ accountId, name: 'AAAAAA' })).toEqual([a]);
    expect(await storage.buckets.list({ accountId, name: 'aaaaaa', bucketId: b.bucketId })).toEqual([]);
    expect(await storage.buckets.list({ accountId: 'other' })).toEqual([]);
  });

  test('change only where an update says so', async () => {
    const fixture = await createFixture({ bucket: { info: { a: 'b' }, defaultEncryption: 'SSE-B2' } });
    const { storage, bucket } = fixture;
    const changed = await storage.buckets.update(bucket.bucketId, { type: 'allPublic' });
    expect(changed).toEqual({ ...bucket, type: 'allPublic', revision: 3 });
    const cleared = await storage.buckets.update(bucket.bucketId, { defaultEncryption: 'none' }, { ifRevisionIs: 3 });
    expect(cleared).toEqual({ ...changed, defaultEncryption: 'none', revision: 4 });
    await expect(storage.buckets.update(bucket.bucketId, {}, { ifRevisionIs: 3 })).rejects.toMatchObject({
      code: 'bucket_revision_mismatch',
    });
    await Promise.all(Array.from({ length: 5 }, () => storage.buckets.update(bucket.bucketId, {})));
    expect(await storage.buckets.get(bucket.bucketId)).toMatchObject({ revision: 9 });
  });

  test('of a server that encrypts by default cannot do without', async () => {
    const { storage, bucket } = await createFixture({ options: { encryptByDefault: true } });
    const changed = await storage.buckets.update(bucket.bucketId, { defaultEncryption: 'none' });
    expect(changed.defaultEncryption).toBe('SSE-B2');
  });

  test('are deleted only when nothing is in them', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { bucketId } = bucket;
    const { fileId } = await storage.largeFiles.start(newFile(bucketId, 'large'));
    await expect(storage.buckets.delete(bucketId)).rejects.toMatchObject({ code: 'bucket_not_empty' });
    await storage.largeFiles.cancel(fileId);
    expect(await storage.buckets.delete(bucketId)).toEqual({ ...bucket, revision: 3 });
    await expect(storage.buckets.delete(bucketId)).rejects.toMatchObject({ code: 'bucket_missing' });
    await expect(storage.buckets.getByName(bucket.name)).rejects.toMatchObject({ code: 'bucket_name_missing' });
    await expect(uploadTo(fixture, 'a')).rejects.toMatchObject({ code: 'bucket_missing' });
    expect(await create(fixture, bucket.name)).toMatchObject({ revision: 2 });
  });

  test('deleted while something is uploaded: one of the two fails', async () => {
    for (let round = 0; round < 20; round++) {
      const fixture = await createFixture();
      const [upload, removal] = await Promise.allSettled([
        uploadTo(fixture, 'a'),
        fixture.storage.buckets.delete(fixture.bucket.bucketId),
      ]);
      expect([upload.status, removal.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('between the reads of an operation and its commit', () => {
  test('a bucket that is deleted takes no file', async () => {
    const fixture = await createFixture();
    beforeNextCommit(fixture.metadata, () => fixture.storage.buckets.delete(fixture.bucket.bucketId));
    await expect(uploadTo(fixture, 'a')).rejects.toMatchObject({ code: 'bucket_missing' });
    expect(await census(fixture)).not.toHaveProperty('fileVersions');
  });

  test('a file that is uploaded keeps its bucket', async () => {
    const fixture = await createFixture();
    beforeNextCommit(fixture.metadata, () => uploadTo(fixture, 'a'));
    await expect(fixture.storage.buckets.delete(fixture.bucket.bucketId)).rejects.toMatchObject({
      code: 'bucket_not_empty',
    });
  });
});

describe('file lock', () => {
  const defaultRetention = { mode: 'governance', period: { duration: 7, unit: 'days' } } as const;

  test('is enabled for ever, and a default retention needs it', async () => {
    const { storage, bucket } = await createFixture();
    const update = (settings: BucketSettings) => storage.buckets.update(bucket.bucketId, settings);
    await expect(update({ defaultRetention })).rejects.toMatchObject({ code: 'bucket_lock_missing' });
    expect(await update({ fileLockEnabled: true, defaultRetention })).toMatchObject({ defaultRetention });
    expect(await update({ fileLockEnabled: true })).toMatchObject({ fileLockEnabled: true, defaultRetention });
    await expect(update({ fileLockEnabled: false })).rejects.toMatchObject({ code: 'bucket_lock_conflict' });
    expect(await update({ defaultRetention: null })).toMatchObject({ defaultRetention: null });
  });

  test.each([
    [0, 'days'],
    [1.5, 'days'],
    [3_001, 'days'],
    [9, 'years'],
  ] as const)('a default retention of %d %s is refused', async (duration, unit) => {
    const { storage, bucket } = await createFixture();
    const settings = {
      fileLockEnabled: true,
      defaultRetention: { mode: 'governance', period: { duration, unit } },
    } as const;
    await expect(storage.buckets.update(bucket.bucketId, settings)).rejects.toMatchObject({ code: 'invalid' });
  });
});

test('a lifecycle rule for names that no file can have is refused', async () => {
  const { storage, bucket } = await createFixture();
  for (const fileNamePrefix of ['x'.repeat(1_025), '\0'.repeat(400)])
    await expect(
      storage.buckets.update(bucket.bucketId, { lifecycleRules: [rule({ fileNamePrefix })] }),
    ).rejects.toMatchObject({ code: 'invalid', details: { field: 'lifecycleRules.fileNamePrefix' } });
});

describe('a bucket of snapshots', () => {
  test('keeps its type, and no other bucket becomes one', async () => {
    const fixture = await createFixture();
    const { buckets } = fixture.storage;
    const made = await buckets.create({
      accountId: fixture.accountId,
      name: 'b2-snapshots-x',
      type: 'snapshot',
      settings: {},
    });
    const refused = { code: 'invalid', details: { field: 'bucketType' } };
    for (const type of ['allPublic', 'allPrivate'] as const)
      await expect(buckets.update(made.bucketId, { type })).rejects.toMatchObject(refused);
    await expect(buckets.update(fixture.bucket.bucketId, { type: 'snapshot' })).rejects.toMatchObject(refused);
    expect(await buckets.update(made.bucketId, { type: 'snapshot', info: { a: 'b' } })).toMatchObject({
      type: 'snapshot',
    });
  });

  test.each([
    ['the ZIP file of a snapshot', { isSnapshot: true }, 'none'],
    ['a file that asks for none', { encryption: { mode: 'none' } }, 'SSE-B2'],
    ['a file that asks for nothing', {}, 'SSE-B2'],
  ] as const)('encrypts %s in spite of its default only if it is one: %o', async (_, changes, mode) => {
    const fixture = await createFixture({ options: { encryptByDefault: true } });
    const settings = { defaultEncryption: 'SSE-B2' } as const;
    const made = await fixture.storage.buckets.create({
      accountId: fixture.accountId,
      name: 'b2-snapshots-x',
      type: 'snapshot',
      settings,
    });
    expect(await uploadTo({ ...fixture, bucket: made }, 'a', undefined, changes)).toMatchObject({
      encryption: { mode },
    });
    // Elsewhere it has no effect.
    const other = await uploadTo(fixture, 'a', undefined, changes);
    expect(other).toMatchObject({ encryption: { mode: 'SSE-B2' } });
  });
});
