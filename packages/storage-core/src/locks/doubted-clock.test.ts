import type { FileRetention } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { beforeNextCommit, createFixture, startTime, uploadTo } from '../../test/fixture.ts';
import { allVersions, day, rule, runAll, told } from '../../test/lifecycle-fixture.ts';

const doubted = { code: 'clock_doubted' };
const modes = ['governance', 'compliance'] as const;

/** A file that is locked for a week, and a store that knows the time. */
async function lockedFile(mode: FileRetention['mode']) {
  const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
  const { storage } = fixture;
  const { name, fileId } = await uploadTo(fixture, 'a');
  const retention = { mode, retainUntil: startTime + 7 * day };
  await storage.locks.updateRetention({ name, fileId }, retention, { bypassGovernance: false });
  await storage.clock.keep();
  const deleteIt = (bypassGovernance = false) => storage.files.deleteVersion({ name, fileId, bypassGovernance });
  const retain = (next: FileRetention | null) =>
    storage.locks.updateRetention({ name, fileId }, next, { bypassGovernance: false });
  return { fixture, storage, retention, deleteIt, retain, clock: fixture.clock };
}

describe('a retention that is over only by a doubted clock', () => {
  test.each(modes)('of %s goes on until the clock is confirmed', async (mode) => {
    const { clock, deleteIt, retain, storage } = await lockedFile(mode);
    clock.jump(8 * day);
    await expect(deleteIt()).rejects.toMatchObject({ ...doubted, details: { doubt: 'jumped' } });
    await expect(retain(null)).rejects.toMatchObject(doubted);
    await expect(retain({ mode, retainUntil: clock.now() + 1 })).resolves.toBeDefined();
    await storage.clock.confirm();
    clock.advance(1);
    await deleteIt();
  });

  test.each(modes)('of %s goes on after a start with a clock far ahead', async (mode) => {
    const { clock, deleteIt } = await lockedFile(mode);
    clock.restart();
    clock.jump(31 * day);
    await expect(deleteIt()).rejects.toMatchObject({ ...doubted, details: { doubt: 'ahead' } });
  });

  test('can be bypassed as before it was over', async () => {
    const { clock, deleteIt } = await lockedFile('governance');
    clock.jump(8 * day);
    await deleteIt(true);
  });

  test('can be made longer, but not shorter', async () => {
    const { clock, retain, retention } = await lockedFile('compliance');
    clock.jump(6.9 * day);
    await expect(retain({ ...retention, retainUntil: retention.retainUntil - 1 })).rejects.toMatchObject({
      code: 'lock_change_refused',
    });
    await retain({ ...retention, retainUntil: retention.retainUntil + day });
  });
});

describe('a retention that is certainly over', () => {
  test('stays over, whatever the clock shows afterwards', async () => {
    const { clock, deleteIt } = await lockedFile('compliance');
    clock.advance(8 * day);
    clock.jump(100 * day);
    await deleteIt();
  });

  test('locks again for a clock that was set back, as it says', async () => {
    const { clock, deleteIt } = await lockedFile('compliance');
    clock.advance(8 * day);
    clock.jump(-8 * day);
    await expect(deleteIt()).rejects.toMatchObject({ code: 'locked' });
  });
});

test('files without a lock are deleted by any clock, and written', async () => {
  const fixture = await createFixture();
  const { clock, storage } = fixture;
  await storage.clock.keep();
  const { name, fileId } = await uploadTo(fixture, 'a');
  clock.jump(1_000 * day);
  await uploadTo(fixture, 'b');
  await storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
});

test.each([-100, 100])(
  'a default retention is counted by the time that has passed, with a clock set by %i days',
  async (days) => {
    const period = { duration: 7, unit: 'days' } as const;
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const { bucket, clock, storage } = fixture;
    await storage.buckets.update(bucket.bucketId, { defaultRetention: { mode: 'compliance', period } });
    await storage.clock.keep();
    clock.advance(day);
    clock.jump(days * day);
    expect((await uploadTo(fixture, 'a')).retention).toEqual({ mode: 'compliance', retainUntil: startTime + 8 * day });
  },
);

describe('lifecycle rules', () => {
  async function hiddenFiles() {
    const fixture = await createFixture({ bucket: { lifecycleRules: [rule({ daysFromHidingToDeleting: 1 })] } });
    for (const name of ['a', 'a', 'b', 'b']) await uploadTo(fixture, name);
    await fixture.storage.clock.keep();
    return fixture;
  }

  test('are not applied by a doubted clock, only shown, until it is confirmed', async () => {
    const { bucket, clock, storage } = await hiddenFiles();
    clock.jump(2 * day);
    await expect(runAll(storage)).rejects.toMatchObject(doubted);
    expect(await allVersions(storage, bucket.bucketId)).toHaveLength(4);
    expect(told(await runAll(storage, { dryRun: true }))).toEqual([
      'planned delete-version a',
      'planned delete-version b',
    ]);
    await storage.clock.confirm();
    expect(told(await runAll(storage))).toEqual(['done delete-version a', 'done delete-version b']);
  });

  test('stop where the clock jumps while they are applied', async () => {
    const fixture = await hiddenFiles();
    const { bucket, clock, storage } = fixture;
    for (let index = 0; index < 40; index++) await uploadTo(fixture, `c${index >> 1}`);
    clock.advance(2 * day);
    beforeNextCommit(fixture.metadata, () => {
      clock.jump(day);
      return Promise.resolve();
    });
    const before = await allVersions(storage, bucket.bucketId);
    await expect(runAll(storage)).rejects.toMatchObject(doubted);
    const after = await allVersions(storage, bucket.bucketId);
    // No more than those that had been judged when the clock jumped.
    expect(before.length - after.length).toBeLessThanOrEqual(16);
  });
});
