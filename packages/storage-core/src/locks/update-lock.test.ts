import { keys, type FileRetention, type FileVersionRecord } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { createFixture, readBack, sampleBytes, startTime, uploadTo, type Fixture } from '../../test/fixture.ts';

const day = 86_400_000;
const until = (mode: FileRetention['mode'], days: number): FileRetention => ({
  mode,
  retainUntil: startTime + days * day,
});
const asked = { bypassGovernance: false };

/** A file with the given retention in a lock-enabled bucket, one day later. */
async function lockedFile(
  retention: FileRetention | null,
): Promise<{ fixture: Fixture; file: { name: string; fileId: string } }> {
  const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
  const { name, fileId } = await uploadTo(fixture, 'a');
  const file = { name, fileId };
  if (retention !== null) await fixture.storage.locks.updateRetention(file, retention, asked);
  fixture.clock.advance(day);
  return { fixture, file };
}

const refused = 'lock_change_refused';

describe('changing the retention of a stored file', () => {
  // What there is, what is asked for, and the outcome without and with the bypass of governance.
  test.each([
    ['none', null, until('governance', 5), 'ok', 'ok'],
    ['none', null, until('compliance', 5), 'ok', 'ok'],
    ['none', null, null, 'ok', 'ok'],
    ['none', null, until('governance', 1), 'retain_until_in_past', 'retain_until_in_past'],
    ['governance', until('governance', 5), until('governance', 6), 'ok', 'ok'],
    ['governance', until('governance', 5), until('governance', 5), 'ok', 'ok'],
    ['governance', until('governance', 5), until('governance', 4), refused, 'ok'],
    ['governance', until('governance', 5), until('compliance', 5), 'ok', 'ok'],
    ['governance', until('governance', 5), until('compliance', 4), refused, 'ok'],
    ['governance', until('governance', 5), null, refused, 'ok'],
    ['compliance', until('compliance', 5), until('compliance', 6), 'ok', 'ok'],
    ['compliance', until('compliance', 5), until('compliance', 4), refused, refused],
    ['compliance', until('compliance', 5), until('governance', 9), refused, refused],
    ['compliance', until('compliance', 5), null, refused, refused],
    ['a compliance that is over', until('compliance', 0.5), null, 'ok', 'ok'],
    ['a governance that is over', until('governance', 0.5), until('governance', 2), 'ok', 'ok'],
  ] as const)('from %s %j to %j: %s, with bypass %s', async (_, current, next, plain, bypassed) => {
    for (const [bypassGovernance, outcome] of [
      [false, plain],
      [true, bypassed],
    ] as const) {
      const { fixture, file } = await lockedFile(current);
      const change = fixture.storage.locks.updateRetention(file, next, { bypassGovernance });
      if (outcome === 'ok') await change;
      else await expect(change).rejects.toMatchObject({ code: outcome });
      const { retention } = await fixture.storage.files.get(file.fileId);
      expect(retention).toEqual(outcome === 'ok' ? next : current);
    }
  });

  test('makes a new seal, so that the data stays readable', async () => {
    const { fixture, file } = await lockedFile(until('compliance', 5));
    const version = await fixture.storage.locks.updateLegalHold(file, 'on');
    expect(version).toMatchObject({ legalHold: 'on', retention: until('compliance', 5) });
    expect(await readBack(fixture.storage, version)).toHaveLength(10);
  });

  test('a legal hold keeps a file until it is lifted', async () => {
    const { fixture, file } = await lockedFile(null);
    const { locks, files } = fixture.storage;
    await locks.updateLegalHold(file, 'on');
    const remove = () => files.deleteVersion({ ...file, bypassGovernance: true });
    await expect(remove()).rejects.toMatchObject({ code: 'locked' });
    await locks.updateLegalHold(file, 'off');
    expect(await remove()).toMatchObject(file);
  });

  test('needs a lock-enabled bucket, a stored file, and its own name', async () => {
    const plain = await createFixture();
    const { name, fileId } = await uploadTo(plain, 'a');
    const { locks } = plain.storage;
    await expect(locks.updateLegalHold({ name, fileId }, 'on')).rejects.toMatchObject({ code: 'bucket_lock_missing' });
    await expect(locks.updateLegalHold({ name: 'b', fileId }, 'on')).rejects.toMatchObject({
      code: 'file_not_present',
    });
    const marker = await plain.storage.files.hide(plain.bucket.bucketId, 'a');
    await expect(locks.updateLegalHold(marker, 'on')).rejects.toMatchObject({ code: 'file_not_present' });
  });

  test('refuses a file whose name and info are too long for one with a lock', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { name, fileId } = await uploadTo(fixture, 'a', sampleBytes(10), { fileInfo: { long: 'x'.repeat(3_000) } });
    await storage.buckets.update(bucket.bucketId, { fileLockEnabled: true });
    await expect(storage.locks.updateLegalHold({ name, fileId }, 'on')).rejects.toMatchObject({
      code: 'lock_metadata_too_large',
    });
  });
});

describe('a locked file whose record was changed at rest', () => {
  const locked = until('compliance', 5);

  test.each<[string, Partial<FileVersionRecord>]>([
    ['to no retention', { retention: null }],
    ['to a shorter retention', { retention: { ...locked, retainUntil: startTime } }],
    ['to another kind of retention', { retention: { ...locked, mode: 'governance' } }],
    ['to no legal hold', { legalHold: null, retention: null }],
    ['to a hide marker', { action: 'hide' }],
    ['to an unfinished large file', { action: 'start' }],
  ])('%s is neither deleted nor sealed anew', async (_, changes) => {
    const { fixture, file } = await lockedFile(locked);
    const { storage, metadata, bucket } = fixture;
    const legal = await storage.locks.updateLegalHold(file, 'on');
    const key = keys.fileVersions(bucket.bucketId, legal.name, legal.uploadTimestamp, legal.fileId);
    const stored = (await metadata.get('fileVersions', key))!.value;
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'fileVersions', key, put: { ...stored, ...changes } }],
    });
    const refusals = [
      storage.files.deleteVersion({ ...file, bypassGovernance: true }),
      storage.largeFiles.cancel(file.fileId),
      storage.locks.updateRetention(file, until('compliance', 9), asked),
      storage.locks.updateLegalHold(file, 'off'),
    ];
    for (const refusal of await Promise.allSettled(refusals))
      expect(refusal).toMatchObject({
        status: 'rejected',
        reason: { code: expect.stringMatching(/^(integrity|locked|file_not_present|no_active_upload)$/) as string },
      });
    await metadata.commit({ expectations: [], writes: [{ table: 'fileVersions', key, put: stored }] });
    expect(await storage.files.get(file.fileId)).toMatchObject({ legalHold: 'on', retention: locked });
  });
});
