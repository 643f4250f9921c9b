import { StoreError, compareKeys, keys } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { createFixture, uploadTo, type Fixture } from '../../test/fixture.ts';
import { day, rule, told } from '../../test/lifecycle-fixture.ts';
import type { LifecycleOutcome } from '../services/lifecycle.ts';
import { LifecycleError } from '../services/lifecycle-error.ts';

const open = (lifecycleRules: Parameters<typeof rule>[0][]): Promise<Fixture> =>
  createFixture({ bucket: { lifecycleRules: lifecycleRules.map(rule) } });

describe('a bucket whose rules cannot be followed', () => {
  test('stops no other bucket, and is told of when those are through', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, metadata, clock, accountId } = fixture;
    const settings = { lifecycleRules: [rule({ daysFromHidingToDeleting: 1 })] };
    const others = await Promise.all(
      ['bucket-two', 'bucket-three'].map((name) =>
        storage.buckets.create({ accountId, name, type: 'allPrivate', settings }),
      ),
    );
    for (const bucket of [fixture.bucket, ...others])
      for (const name of ['a', 'a']) await uploadTo({ storage, bucket }, name);
    clock.advance(day + 1_000);
    const broken = keys.fileVersions(fixture.bucket.bucketId, 'a', 0, '').subarray(0, fixture.bucket.bucketId.length);
    const scan = metadata.scan.bind(metadata);
    metadata.scan = (table, options) =>
      table === 'fileVersions' && compareKeys(options.start.subarray(0, broken.length), broken) === 0
        ? Promise.reject(new StoreError('io', 'a key that the store refuses'))
        : scan(table, options);
    const outcomes: LifecycleOutcome[] = [];
    const run = async () => {
      for await (const outcome of storage.lifecycle.run()) outcomes.push(outcome);
    };
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LifecycleError);
    const { bucketId, name: bucketName } = fixture.bucket;
    expect(failure).toMatchObject({ buckets: [{ bucketId, bucketName, error: { code: 'storage_unavailable' } }] });
    expect(told(outcomes)).toEqual(['done delete-version a', 'done delete-version a']);
  });

  test('because its record is damaged stops no other bucket, nor the making of one', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, metadata, clock, accountId } = fixture;
    const settings = { lifecycleRules: [rule({ daysFromHidingToDeleting: 1 })] };
    const wanted = { accountId, type: 'allPrivate', settings } as const;
    const other = await storage.buckets.create({ ...wanted, name: 'bucket-two' });
    for (const bucket of [fixture.bucket, other])
      for (const name of ['a', 'a']) await uploadTo({ storage, bucket }, name);
    clock.advance(day + 1_000);
    const { bucketId } = fixture.bucket;
    const key = keys.buckets(bucketId);
    const stored = (await metadata.get('buckets', key))!.value;
    const put = { ...stored, type: 'allPublic' } as const;
    await metadata.commit({ expectations: [], writes: [{ table: 'buckets', key, put }] });
    const outcomes: LifecycleOutcome[] = [];
    const run = async () => {
      for await (const outcome of storage.lifecycle.run()) outcomes.push(outcome);
    };
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toMatchObject({ buckets: [{ bucketId, bucketName: null, error: { code: 'record_damaged' } }] });
    expect((failure as Error).message).toContain(bucketId);
    expect(told(outcomes)).toEqual(['done delete-version a']);
    await storage.buckets.create({ ...wanted, name: 'bucket-three' });
    await expect(storage.buckets.list({ accountId })).rejects.toMatchObject({ code: 'record_damaged' });
  });
});
