import { describe, expect, test } from 'vitest';
import { keys } from '@coffer/storage-ports';
import { findingsOf, joined, listOf, some, upload } from '../../test/completed-file.ts';
import { census, createFixture, readBack } from '../../test/fixture.ts';
import { createBackupLease } from '../data/backup-lease.ts';
import { exportRecord } from '../reads/export-record.ts';

describe('parts that a file was completed without, while a backup keeps them from being removed', () => {
  async function completedBesideBackup() {
    const fixture = await createFixture({ options: { inlineThreshold: 130 }, proven: true });
    const { storage } = fixture;
    const random = { bytes: (length: number) => new Uint8Array(length).fill(3) };
    const lease = createBackupLease({ ...fixture, random });
    await lease.take();
    const uploaded = await upload(fixture, some);
    const version = await storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 3, 9));
    expect(await census(fixture)).toMatchObject({ parts: 5, pendingDeletions: 1 });
    return { fixture, lease, uploaded, version };
  }
  const whole = joined(some.get(3)!, some.get(9)!);

  test('are no part of the file, and no fault', async () => {
    const { fixture, version, uploaded } = await completedBesideBackup();
    const { storage, metadata } = fixture;
    expect(await readBack(storage, version)).toEqual(whole);
    expect((await exportRecord(metadata, { fileId: version.fileId })).record.parts).toHaveLength(2);
    expect(await storage.largeFiles.complete(version.fileId, listOf(uploaded, 3, 9))).toEqual(version);
    // The blob goes first, so a part may be met without it.
    const removed = await metadata.get('parts', keys.parts(version.fileId, 2));
    await fixture.blobs.delete(removed!.value.blobId);
    expect(await findingsOf(fixture)).toEqual([]);
  });

  test('are removed once it has ended', async () => {
    const { fixture, lease, version } = await completedBesideBackup();
    await lease.release();
    expect(await fixture.storage.recovery.resumeDeletions()).toBe(1);
    const counts = await census(fixture);
    expect(counts).toMatchObject({ parts: 2, blobReferences: 2 });
    expect(counts).not.toHaveProperty('pendingDeletions');
    expect(await readBack(fixture.storage, version)).toEqual(whole);
  });

  test('are removed with the file if that is deleted before', async () => {
    const { fixture, lease, version } = await completedBesideBackup();
    const { storage } = fixture;
    await storage.files.deleteVersion({ name: 'large', fileId: version.fileId, bypassGovernance: false });
    await lease.release();
    expect(await storage.recovery.resumeDeletions()).toBe(1);
    expect(await census(fixture)).not.toHaveProperty('parts');
    expect(await census(fixture)).not.toHaveProperty('blobReferences');
  });

  test('stay if the file would be left with others than it was finished with', async () => {
    const { fixture, lease, version } = await completedBesideBackup();
    const { metadata, storage } = fixture;
    await metadata.commit({
      expectations: [],
      writes: [
        {
          table: 'pendingDeletions',
          key: keys.pendingDeletions(version.fileId),
          put: { kind: 'discarded', fileId: version.fileId, partNumbers: [2, 3, 7, 10_000] },
        },
      ],
    });
    await lease.release();
    const { concerns } = await storage.recovery.recover();
    expect(concerns).toEqual([{ kind: 'deletion_refused', count: 1, ids: [version.fileId] }]);
    expect(await census(fixture)).toMatchObject({ parts: 5 });
  });
});
