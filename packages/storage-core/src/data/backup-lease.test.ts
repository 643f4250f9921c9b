import { keys } from '@coffer/storage-ports';
import { seededRandom } from '@coffer/storage-testkit';
import { describe, expect, test } from 'vitest';
import { census, createFixture, largeFile, sampleBytes, testStores, uploadTo } from '../../test/fixture.ts';
import { createBackupLease } from './backup-lease.ts';

const second = 1_000;
const random = seededRandom('backup lease');

async function beside() {
  const fixture = await createFixture({ options: { inlineThreshold: 50 } });
  return { fixture, before: await census(fixture), lease: createBackupLease({ ...fixture, random }) };
}

async function makeAndDelete(fixture: Awaited<ReturnType<typeof createFixture>>): Promise<void> {
  const versions = [
    await uploadTo(fixture, 'file', sampleBytes(500)),
    await uploadTo(fixture, 'inline', sampleBytes(5)),
    await largeFile(fixture, 'large', [sampleBytes(500), sampleBytes(50)]),
  ];
  for (const { name, fileId } of versions)
    await fixture.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
}

describe('while a backup is under way', () => {
  test('blobs of deleted files stay, and go when it has ended', async () => {
    const { fixture, before, lease } = await beside();
    const { recovery } = fixture.storage;
    expect(await lease.take()).toBeNull();
    await makeAndDelete(fixture);
    expect(await recovery.resumeDeletions()).toBe(0);
    expect(await census(fixture)).toMatchObject({ blobs: 2, pendingDeletions: 2, backupLeases: 1 });
    await lease.release();
    expect(await recovery.resumeDeletions()).toBe(2);
    expect(await census(fixture)).toEqual(before);
    expect(await recovery.resumeDeletions()).toBe(0);
  });

  test('a start leaves them, too', async () => {
    const { fixture, lease } = await beside();
    await lease.take();
    await makeAndDelete(fixture);
    const { recovery } = fixture.storage;
    expect(await recovery.recover()).toMatchObject({ deletions: 0 });
    await lease.release();
    expect(await recovery.recover()).toMatchObject({ deletions: 2 });
  });

  test('they stay no longer than two minutes after it died', async () => {
    const { fixture, before, lease } = await beside();
    await lease.take();
    await makeAndDelete(fixture);
    fixture.clock.advance(119 * second);
    expect(await fixture.storage.recovery.resumeDeletions()).toBe(0);
    await lease.take();
    fixture.clock.advance(119 * second);
    expect(await fixture.storage.recovery.resumeDeletions()).toBe(0);
    fixture.clock.advance(second);
    expect(await fixture.storage.recovery.resumeDeletions()).toBe(2);
    expect(await census(fixture)).toEqual(before);
  });

  test('a clock that was set back does not make it last for ever', async () => {
    const { fixture, lease } = await beside();
    await lease.take();
    fixture.clock.advance(-3600 * second);
    await makeAndDelete(fixture);
    expect(await census(fixture)).not.toHaveProperty('blobs');
  });
});

test('one backup at a time: another learns until when it has to wait', async () => {
  const { metadata, clock } = testStores();
  const [one, other] = [createBackupLease({ metadata, clock, random }), createBackupLease({ metadata, clock, random })];
  expect(await one.take()).toBeNull();
  expect(await other.take()).toBe(clock.now() + 120 * second);
  await other.release();
  expect(await other.take()).not.toBeNull();
  await one.release();
  expect(await other.take()).toBeNull();
  expect(await one.take()).toBe(clock.now() + 120 * second);
});

test('a backup that begins while deletions are resumed keeps its lease', async () => {
  const { fixture, lease } = await beside();
  const { storage, metadata, blobs } = fixture;
  await lease.take();
  await makeAndDelete(fixture);
  await lease.release();
  const next = createBackupLease({ ...fixture, random });
  const remove = blobs.delete.bind(blobs);
  blobs.delete = async (blobId) => {
    await next.take();
    await remove(blobId);
  };
  await storage.recovery.resumeDeletions();
  expect((await metadata.get('backupLeases', keys.backupLeases()))?.value.expiresAt).toBeGreaterThan(0);
});
