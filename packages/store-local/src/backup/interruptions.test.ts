import { PowerCutDisk, countingFilePlan, faultyFileSystem, forEachChoice, seededRandom } from '@coffer/storage-testkit';
import { describe, expect, test } from 'vitest';
import { backUp, checkBackups, checkRestored, makeStore, restore, settled } from '../../test/backup-disk.ts';
import { without, type Breaks } from '../../test/broken-file-systems.ts';
import type { BlobFileSystem } from '@coffer/storage-ports';

type Mark = 'done';
type Disk = PowerCutDisk<Mark>;

const random = seededRandom('interrupted backups');
const below = (n: number) => new DataView(random.bytes(4).buffer).getUint32(0) % n;

async function diskWithStore(): Promise<Disk> {
  const disk: Disk = new PowerCutDisk();
  await makeStore(disk);
  return settled(disk);
}

async function diskWithBackup(): Promise<Disk> {
  const disk = await diskWithStore();
  await backUp(disk, 0);
  return settled(disk);
}

/** Does something on a disk, of which one flush may fail, and checks every moment at which the power may be cut. */
async function checkEveryCut(
  disk: Disk,
  work: (files: Disk) => Promise<void>,
  check: (files: Disk, isDone: boolean) => Promise<void>,
  { limit, step = 1 }: { readonly limit: number; readonly step?: number },
): Promise<{ readonly states: number; readonly isDone: boolean }> {
  let states = 0;
  await work(disk).then(
    () => {
      disk.mark('done');
    },
    () => undefined,
  );
  for (let length = 0; length <= disk.history.length; length += step) {
    const isDone = disk.history.slice(0, length).some(({ kind }) => kind === 'mark');
    const { runs } = await forEachChoice((choose) => check(disk.afterPowerCut(length, choose), isDone), {
      limit,
      random: below,
    });
    states += runs;
  }
  return { states, isDone: disk.history.at(-1)?.kind === 'mark' };
}

/** Does it, and once more where it failed. */
const again = (work: (files: Disk) => Promise<void>) => (files: Disk) => work(files).catch(() => work(files));

/** Complete ones are whole; one that was acknowledged is complete; the next run completes what was not. */
async function checkBackupCut(files: Disk, isDone: boolean): Promise<void> {
  const complete = await checkBackups(files);
  if (isDone) expect(complete).toBe(1);
  await backUp(files, 10_000);
  expect(await checkBackups(files)).toBe(complete + 1);
}

async function checkRestoreCut(files: Disk, isDone: boolean): Promise<void> {
  const isWhole = await checkRestored(files);
  if (isDone) expect(isWhole).toBe(true);
  if (!isWhole) await restore(files);
  expect(await checkRestored(files)).toBe(true);
}

describe.each([true, false])('a backup, with names of the store’s own files: %s', (links) => {
  const work = (files: BlobFileSystem) => backUp(files, 0, links);

  test('is whole or recognisable as not complete after a power cut, and is taken up again', async () => {
    const { states, isDone } = await checkEveryCut(await diskWithStore(), work, checkBackupCut, { limit: 12 });
    expect(isDone).toBe(true);
    expect(states).toBeGreaterThan(80);
  });

  test('so with each flush failing, and the next run going on without a restart', async () => {
    for (let failing = 1; ; failing++) {
      const disk = await diskWithStore();
      disk.failingFlush = failing;
      await checkEveryCut(disk, again(work), checkBackupCut, { limit: 2, step: 9 });
      if (disk.flushes < failing) break;
      expect(failing).toBeLessThan(100);
    }
  });

  test('and with each call failing once', async () => {
    await failEachCall(diskWithStore, work, async (files, isDone) => {
      const complete = await checkBackups(files);
      if (isDone) expect(complete).toBe(1);
      await backUp(files, 10_000, links);
      expect(await checkBackups(files)).toBe(complete + 1);
    });
  });
});

describe('a restore', () => {
  test('is nothing, marked as not complete, or whole after a power cut, and can be begun again', async () => {
    const { states, isDone } = await checkEveryCut(await diskWithBackup(), restore, checkRestoreCut, { limit: 12 });
    expect(isDone).toBe(true);
    expect(states).toBeGreaterThan(300);
  });

  test('so with each flush failing, and the next run going on without a restart', async () => {
    for (let failing = 1; ; failing++) {
      const disk = await diskWithBackup();
      disk.failingFlush = failing;
      await checkEveryCut(disk, again(restore), checkRestoreCut, { limit: 2, step: 9 });
      if (disk.flushes < failing) break;
      expect(failing).toBeLessThan(100);
    }
  });

  test('and with each call failing once', async () => {
    await failEachCall(diskWithBackup, restore, async (files, isDone) => {
      const isWhole = await checkRestored(files);
      if (isDone) expect(isWhole).toBe(true);
      if (!isWhole) await restore(files);
      expect(await checkRestored(files)).toBe(true);
    });
  });
});

describe('the model notices a backup that', () => {
  test.each<[string, Breaks]>([
    ['does not flush the folders of its blobs', without('syncDirectory', /\/blobs\/(aa|bb)$/)],
    ['does not flush copied blobs and the manifest', without('datasync')],
    ['does not flush the folder of the metadata', without('syncDirectory', /\/metadata$/)],
    ['does not flush the name of the manifest', without('syncDirectory', /\/backup-[^/]*$/)],
    ['does not flush its own name', without('syncDirectory', /^\/backups$/)],
  ])('%s', async (_, breaks) => {
    const disk = await diskWithStore();
    const check = (files: Disk, isDone: boolean) =>
      checkBackups(files).then((complete) => {
        if (isDone) expect(complete).toBe(1);
      });
    const work = (files: BlobFileSystem) => backUp(breaks(files), 0, false);
    await expect(checkEveryCut(disk, work, check, { limit: 200 })).rejects.toThrow();
  });
});

/**
 * Does something on a fresh disk, once for each of its calls, with that one failing; then checks what the machine goes
 * on with.
 */
async function failEachCall(
  fresh: () => Promise<Disk>,
  work: (files: BlobFileSystem) => Promise<void>,
  check: (files: Disk, isDone: boolean) => Promise<void>,
): Promise<void> {
  for (let failing = 1; ; failing++) {
    const disk = await fresh();
    const plan = countingFilePlan(failing, 'EIO');
    const isDone = await work(faultyFileSystem(disk, plan)).then(
      () => true,
      () => false,
    );
    await check(disk, isDone);
    if (plan.failed !== undefined) continue;
    expect(isDone).toBe(true);
    expect(failing).toBeGreaterThan(50);
    return;
  }
}
