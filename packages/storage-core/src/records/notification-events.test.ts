import { describe, expect, test } from 'vitest';
import {
  beforeNextCommit,
  createFixture,
  largeFile,
  newFile,
  sampleBytes,
  uploadTo,
  type Fixture,
  deletionOf,
} from '../../test/fixture.ts';
import { day, rule as lifecycleRule, runAll, told } from '../../test/lifecycle-fixture.ts';
import { drain, rule, setRules } from '../../test/notification-fixture.ts';

const everything = ['ObjectCreated', 'ObjectDeleted', 'HideMarkerCreated'].map((category) =>
  rule({ name: category, eventTypes: [`b2:${category}:*`] }),
);

async function eventsOf({ storage }: Fixture) {
  const drained = await drain(storage);
  return Object.values(drained).flat();
}

describe('events', () => {
  test('are recorded with every change that rules know', async () => {
    const fixture = await createFixture();
    const { storage, bucket, clock } = fixture;
    await setRules(fixture, ...everything);
    const told = async () => {
      const events = await eventsOf(fixture);
      return events.map(({ eventType, objectName, objectSize, objectVersionId, eventTimestamp }) => [
        ...[eventType, objectName, objectSize, objectVersionId, eventTimestamp - clock.now()],
      ]);
    };
    const uploaded = await uploadTo(fixture, 'a', sampleBytes(7));
    expect(await told()).toEqual([['b2:ObjectCreated:Upload', 'a', 7, uploaded.fileId, 0]]);
    const copy = await storage.copies.copyFile({ source: { fileId: uploaded.fileId }, name: 'b' });
    expect(await told()).toEqual([['b2:ObjectCreated:Copy', 'b', 7, copy.fileId, 0]]);
    const large = await largeFile(fixture, 'c', [sampleBytes(100), sampleBytes(1)]);
    expect(await told()).toEqual([['b2:ObjectCreated:MultipartUpload', 'c', 101, large.fileId, 0]]);
    const marker = await storage.files.hide(bucket.bucketId, 'a');
    expect(await told()).toEqual([['b2:HideMarkerCreated:Hide', 'a', 0, marker.fileId, 0]]);
    clock.advance(5_000);
    await storage.files.deleteVersion(deletionOf(uploaded));
    expect(await told()).toEqual([['b2:ObjectDeleted:Delete', 'a', 7, uploaded.fileId, 0]]);
  });

  test('tell what a lifecycle rule did', async () => {
    const fixture = await createFixture();
    const { storage, bucket, clock } = fixture;
    const { bucketId } = bucket;
    const version = await uploadTo(fixture, 'a');
    await storage.largeFiles.start(newFile(bucketId, 'unfinished'));
    await setRules(fixture, ...everything);
    await storage.buckets.update(bucketId, {
      lifecycleRules: [
        lifecycleRule({
          daysFromUploadingToHiding: 1,
          daysFromHidingToDeleting: 1,
          daysFromStartingToCancelingUnfinishedLargeFiles: 1,
        }),
      ],
    });
    clock.advance(day);
    expect(told(await runAll(storage))).toEqual(
      expect.arrayContaining(['done hide a', 'done cancel-large-file unfinished']),
    );
    const hidden = await eventsOf(fixture);
    expect(hidden.map(({ eventType, objectName }) => [eventType, objectName])).toEqual([
      ['b2:HideMarkerCreated:LifecycleRule', 'a'],
    ]);
    clock.advance(day);
    expect(told(await runAll(storage))).toEqual(['done delete-version a', 'done delete-hide-marker a']);
    const deleted = await eventsOf(fixture);
    expect(deleted.map(({ eventType, objectVersionId }) => [eventType, objectVersionId])).toEqual([
      ['b2:ObjectDeleted:LifecycleRule', version.fileId],
    ]);
  });

  test('there are none of unfinished large files, and none of hide markers that are deleted', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    await uploadTo(fixture, 'a');
    await setRules(fixture, ...everything);
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'large'));
    await storage.largeFiles.cancel(fileId);
    const marker = await storage.files.hide(bucket.bucketId, 'a');
    await storage.files.deleteVersion(deletionOf(marker));
    expect((await eventsOf(fixture)).map(({ eventType }) => eventType)).toEqual(['b2:HideMarkerCreated:Hide']);
  });

  test('go to the rules whose prefix and types match, and which are enabled', async () => {
    const fixture = await createFixture();
    await setRules(
      fixture,
      rule({ name: 'copies', eventTypes: ['b2:ObjectCreated:Copy'] }),
      rule({ name: 'photos', objectNamePrefix: 'photos/', eventTypes: ['b2:ObjectCreated:Upload'] }),
      rule({ name: 'texts', objectNamePrefix: 'texts/', eventTypes: ['b2:ObjectCreated:Upload'], isEnabled: false }),
      rule({ name: 'deletes', eventTypes: ['b2:ObjectDeleted:*'] }),
    );
    for (const name of ['photos/a', 'photos', 'texts/a', 'other']) await uploadTo(fixture, name);
    const drained = await drain(fixture.storage);
    expect(Object.keys(drained)).toEqual(['photos']);
    expect(drained['photos']?.map(({ objectName }) => objectName)).toEqual(['photos/a']);
  });

  test('of a name are in the order of its changes, also of many at once', async () => {
    const fixture = await createFixture();
    await setRules(fixture, rule());
    const versions = await Promise.all(Array.from({ length: 60 }, () => uploadTo(fixture, 'a')));
    const inOrder = [...versions].sort((a, b) => a.uploadTimestamp - b.uploadTimestamp);
    const events = await eventsOf(fixture);
    expect(events.map(({ objectVersionId }) => objectVersionId)).toEqual(inOrder.map(({ fileId }) => fileId));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(60);
  });

  test('are there if, and only if, the change is', async () => {
    const fixture = await createFixture();
    await setRules(fixture, rule());
    const commit = fixture.metadata.commit.bind(fixture.metadata);
    const commits: string[][] = [];
    fixture.metadata.commit = (wanted) => {
      commits.push(wanted.writes.map(({ table }) => table));
      return commit(wanted);
    };
    await uploadTo(fixture, 'a');
    fixture.metadata.commit = commit;
    expect(commits).toHaveLength(1);
    expect(commits[0]).toEqual(expect.arrayContaining(['fileVersions', 'notificationEvents']));
    await expect(fixture.storage.files.hide(fixture.bucket.bucketId, 'unknown')).rejects.toMatchObject({});
    expect(await eventsOf(fixture)).toHaveLength(1);
  });

  test('a rule that goes between what an upload read and its commit gets none', async () => {
    const fixture = await createFixture();
    await setRules(fixture, rule());
    beforeNextCommit(fixture.metadata, () => setRules(fixture, rule({ name: 'new-rule' })));
    await uploadTo(fixture, 'a');
    expect(Object.keys(await drain(fixture.storage))).toEqual(['new-rule']);
  });

  test('cost a bucket without rules no read of them, and none at all but a delete’s of the bucket', async () => {
    const fixture = await createFixture();
    const { storage, metadata, bucket } = fixture;
    const reads: string[] = [];
    const get = metadata.get.bind(metadata);
    metadata.get = (table, key) => {
      reads.push(table);
      return get(table, key);
    };
    const version = await uploadTo(fixture, 'a');
    const uploadReads = reads.splice(0);
    await storage.files.hide(bucket.bucketId, 'a');
    await storage.files.deleteVersion(deletionOf(version));
    expect(reads).not.toContain('notificationRules');
    // Once to admit the upload, once to be sure of the bucket in its commit: as without rules.
    expect(uploadReads.filter((table) => table === 'buckets')).toHaveLength(2);
  });
});
