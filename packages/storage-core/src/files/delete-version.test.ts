import { describe, expect, test } from 'vitest';
import type { FileRetention } from '@coffer/storage-ports';
import { seededRandom } from '@coffer/storage-testkit';
import {
  beforeNextCommit,
  census,
  createFixture,
  newFile,
  readBack,
  sampleBytes,
  startTime,
  uploadTo,
} from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import type { FileVersion } from '../services/storage.ts';

const remove = (version: { name: string; fileId: string }, bypassGovernance = false) => ({
  name: version.name,
  fileId: version.fileId,
  bypassGovernance,
});

describe('hiding and deleting', () => {
  test('a hidden name is found again when its hide marker is deleted', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const version = await uploadTo(fixture, 'a');
    const marker = await storage.files.hide(bucket.bucketId, 'a');
    expect(marker).toMatchObject({
      action: 'hide',
      size: 0,
      contentType: 'application/x-bz-hide-marker',
      encryption: { mode: 'none', wrappedKey: null, verifier: null },
      uploadTimestamp: version.uploadTimestamp + 1,
    });
    await expect(storage.files.getByName(bucket.bucketId, 'a')).rejects.toMatchObject({ code: 'file_missing' });
    await expect(storage.reads.open(marker)).rejects.toMatchObject({ code: 'file_missing' });
    expect(await readBack(storage, version)).toHaveLength(10);
    await expect(storage.files.hide(bucket.bucketId, 'a')).rejects.toMatchObject({ code: 'already_hidden' });
    await storage.files.deleteVersion(remove(marker));
    expect(await storage.files.getByName(bucket.bucketId, 'a')).toEqual(version);
  });

  test('only what is visible can be hidden', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    await storage.largeFiles.start(newFile(bucket.bucketId, 'unfinished'));
    for (const name of ['unknown', 'unfinished', 'x'.repeat(2_000)])
      await expect(storage.files.hide(bucket.bucketId, name)).rejects.toMatchObject({ code: 'name_missing' });
    await expect(storage.files.hide('x', 'a')).rejects.toMatchObject({ code: 'bucket_missing' });
  });

  test('a name can be hidden whatever there is of it', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { bucketId } = bucket;
    const hide = (name: string) => storage.files.hide(bucketId, name, { evenIfAbsent: true });
    await storage.largeFiles.start(newFile(bucketId, 'unfinished'));
    await uploadTo(fixture, 'visible');
    for (const name of ['unknown', 'unknown', 'unfinished', 'visible']) {
      const marker = await hide(name);
      expect(marker).toMatchObject({ action: 'hide', name });
      expect(await storage.files.get(marker.fileId)).toEqual(marker);
      await expect(storage.files.hide(bucketId, name)).rejects.toMatchObject({ code: 'already_hidden' });
    }
    for (const name of ['', 'x'.repeat(1_025), 'a\nb', '\ud800'])
      await expect(hide(name)).rejects.toMatchObject({ code: 'invalid', details: { field: 'fileName' } });
    await expect(storage.files.hide('x', 'a', { evenIfAbsent: true })).rejects.toMatchObject({
      code: 'bucket_missing',
    });
  });

  test('deleting the hide markers of a name one after the other brings it back with the last', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const version = await uploadTo(fixture, 'a');
    const markers: FileVersion[] = [];
    for (let count = 0; count < 3; count++)
      markers.push(await storage.files.hide(bucket.bucketId, 'a', { evenIfAbsent: true }));
    for (const marker of markers) {
      await expect(storage.files.getByName(bucket.bucketId, 'a')).rejects.toMatchObject({ code: 'file_missing' });
      await storage.files.deleteVersion(remove(marker));
    }
    expect(await storage.files.getByName(bucket.bucketId, 'a')).toEqual(version);
  });

  test('a version is deleted only with the entity tag that is asked for', async () => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const { storage, bucket } = fixture;
    const [version, other] = [
      await uploadTo(fixture, 'a', sampleBytes(9), { legalHold: 'on' }),
      await uploadTo(fixture, 'a'),
    ];
    const marker = await storage.files.hide(bucket.bucketId, 'a');
    const [tag = '', otherTag = ''] = await storage.reads.entityTags([version, other]);
    const refused = { code: 'condition_failed', details: { found: 'present' } };
    for (const one of [version, marker])
      await expect(storage.files.deleteVersion({ ...remove(one), entityTag: otherTag })).rejects.toMatchObject(refused);
    // The tag is right, and does not lift the lock.
    const locked = storage.files.deleteVersion({ ...remove(version), entityTag: tag });
    await expect(locked).rejects.toMatchObject({ code: 'locked' });
    const gone = storage.files.deleteVersion({ ...remove({ name: 'a', fileId: 'unknown' }), entityTag: tag });
    await expect(gone).rejects.toMatchObject({ code: 'file_not_present' });
    expect(await storage.files.deleteVersion({ ...remove(other), entityTag: otherTag })).toEqual(other);
  });

  test('id and name must belong together', async () => {
    const fixture = await createFixture();
    const version = await uploadTo(fixture, 'a');
    for (const wrong of [
      { ...version, name: 'b' },
      { ...version, fileId: 'unknown' },
    ])
      await expect(fixture.storage.files.deleteVersion(remove(wrong))).rejects.toMatchObject({
        code: 'file_not_present',
      });
  });

  test('many versions of one name can be deleted at once', async () => {
    const fixture = await createFixture();
    const versions = await Promise.all(Array.from({ length: 60 }, (_, n) => uploadTo(fixture, 'a', sampleBytes(n))));
    await Promise.all(versions.map((version) => fixture.storage.files.deleteVersion(remove(version))));
    await fixture.storage.buckets.delete(fixture.bucket.bucketId);
  });

  test('versions deleted at once leave the right one current', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    for (let round = 0; round < 5; round++) {
      const versions = [];
      for (let n = 0; n < 6; n++) versions.push(await uploadTo(fixture, 'a', sampleBytes(n)));
      const [kept, ...rest] = versions;
      await Promise.all(rest.map((version) => storage.files.deleteVersion(remove(version))));
      expect(await storage.files.getByName(bucket.bucketId, 'a')).toEqual(kept);
      await storage.files.deleteVersion(remove(kept!));
      await expect(storage.files.getByName(bucket.bucketId, 'a')).rejects.toMatchObject({ code: 'file_missing' });
    }
    expect(await census(fixture)).not.toHaveProperty('nameHeads');
  });

  test('a version that would become current may be deleted by another process meanwhile', async () => {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    const [oldest, middle, newest] = [
      await uploadTo(fixture, 'a'),
      await uploadTo(fixture, 'a'),
      await uploadTo(fixture, 'a'),
    ];
    const other = createStorage({ ...fixture, random: seededRandom('another process') });
    beforeNextCommit(metadata, () => other.files.deleteVersion(remove(middle)));
    await storage.files.deleteVersion(remove(newest));
    expect(await storage.files.getByName(bucket.bucketId, 'a')).toEqual(oldest);
  });

  test('a delete takes the wrapped file key and the blob with it', async () => {
    for (const inlineThreshold of [0, 65_536]) {
      const fixture = await createFixture({ options: { inlineThreshold } });
      const before = await census(fixture);
      const version = await uploadTo(fixture, 'a', sampleBytes(100), { encryption: { mode: 'SSE-B2' } });
      await fixture.storage.files.deleteVersion(remove(version));
      expect(await census(fixture)).toEqual(before);
    }
  });

  test('a reader of a file that is deleted meanwhile learns that it is gone', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const version = await uploadTo(fixture, 'a', sampleBytes(100), { encryption: { mode: 'SSE-B2' } });
    const file = await fixture.storage.reads.open(version);
    await fixture.storage.files.deleteVersion(remove(version));
    const pieces = file.read({ start: 0, length: 100 })[Symbol.asyncIterator]();
    await expect(pieces.next()).rejects.toMatchObject({ code: 'file_missing' });
  });
});

describe('locks', () => {
  const later = startTime + 86_400_000;
  const governance: FileRetention = { mode: 'governance', retainUntil: later };
  const compliance: FileRetention = { mode: 'compliance', retainUntil: later };

  test.each([
    ['legal hold', { legalHold: 'on' }, true, 'locked'],
    ['compliance', { retention: compliance }, true, 'locked'],
    ['governance', { retention: governance }, false, 'locked'],
    ['governance, bypassed', { retention: governance }, true, 'deleted'],
    ['no hold', { legalHold: 'off' }, false, 'deleted'],
    ['nothing', {}, false, 'deleted'],
  ] as const)('%s', async (_, lock, bypassGovernance, outcome) => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const version = await uploadTo(fixture, 'a', sampleBytes(1), lock);
    const result = fixture.storage.files.deleteVersion(remove(version, bypassGovernance));
    if (outcome === 'deleted') expect(await result).toEqual(version);
    else await expect(result).rejects.toMatchObject({ code: 'locked' });
  });

  test('retention ends', async () => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const version = await uploadTo(fixture, 'a', sampleBytes(1), { retention: compliance });
    fixture.clock.advance(86_400_000);
    expect(await fixture.storage.files.deleteVersion(remove(version))).toEqual(version);
  });

  test('the default retention applies to uploads, large files and copies that ask for none', async () => {
    const defaultRetention = { mode: 'governance', period: { duration: 2, unit: 'years' } } as const;
    const fixture = await createFixture({ bucket: { fileLockEnabled: true, defaultRetention } });
    const { storage, bucket } = fixture;
    const retention = { mode: 'governance', retainUntil: Date.UTC(2028, 0, 2, 3, 4, 5, 678) };
    const version = await uploadTo(fixture, 'a');
    const { fileId } = version;
    const copy = await storage.copies.copyFile({ source: { fileId }, name: 'b' });
    const started = await storage.largeFiles.start(newFile(bucket.bucketId, 'c'));
    for (const made of [version, copy, started]) expect(made).toMatchObject({ retention, legalHold: null });
    const explicit = await storage.copies.copyFile({ source: { fileId }, name: 'd', lock: { retention: compliance } });
    expect(explicit.retention).toEqual(compliance);
    expect(await storage.largeFiles.cancel(started.fileId)).toEqual(started);
  });

  test('a locked version can be hidden and replaced, and a retention cannot begin in the past', async () => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    await uploadTo(fixture, 'a', sampleBytes(1), { legalHold: 'on' });
    await uploadTo(fixture, 'a');
    await fixture.storage.files.hide(fixture.bucket.bucketId, 'a');
    const past = { mode: 'governance', retainUntil: startTime } as const;
    await expect(uploadTo(fixture, 'b', sampleBytes(1), { retention: past })).rejects.toMatchObject({
      code: 'retain_until_in_past',
    });
  });

  test('metadata is restricted in a lock-enabled bucket', async () => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const fileInfo = { a: 'x'.repeat(2_048) };
    await expect(uploadTo(fixture, 'a', sampleBytes(1), { fileInfo })).rejects.toMatchObject({
      code: 'metadata_too_large',
      details: { limit: 2_048 },
    });
  });
});
