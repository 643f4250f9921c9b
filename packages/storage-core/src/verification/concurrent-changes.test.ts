import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { openLocalStore } from '@coffer/store-local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  bodyOf,
  createFixture,
  largeFile,
  newFile,
  sampleBytes,
  uploadTo,
  type Fixture,
  type FixtureSettings,
} from '../../test/fixture.ts';
import { StorageError } from '../services/storage-error.ts';
import type { Finding } from '../services/verification.ts';

type Stores = NonNullable<FixtureSettings['stores']>;

function memoryStores(): Promise<Stores> {
  return Promise.resolve({ metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() });
}

async function localStores(): Promise<Stores> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-verification-'));
  const store = await openLocalStore({ directory });
  onTestFinished(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
}

/** Changes the few names that there are in every way until it is stopped; a race that is lost is no failure. */
async function keepChanging(fixture: Fixture, isStopped: () => boolean): Promise<number> {
  const { storage, bucket } = fixture;
  const { bucketId } = bucket;
  let changes = 0;
  const change = async (worker: number, step: number): Promise<void> => {
    const name = `name ${(worker + step) % 3}`;
    const made = await uploadTo(fixture, name, sampleBytes(step % 2 === 0 ? 20 : 300));
    await storage.files.hide(bucketId, name);
    const large = await largeFile(fixture, name, [sampleBytes(200), sampleBytes(20)]);
    const { fileId } = await storage.largeFiles.start(newFile(bucketId, name));
    for (const size of [200, 30])
      await storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(sampleBytes(size)));
    await storage.largeFiles.cancel(fileId);
    for (const doomed of [made, large])
      await storage.files.deleteVersion({ name, fileId: doomed.fileId, bypassGovernance: false });
  };
  const work = async (worker: number): Promise<void> => {
    for (let step = 0; !isStopped(); step++) {
      await change(worker, step).catch((error: unknown) => {
        if (!StorageError.is(error)) throw error;
      });
      changes++;
    }
  };
  await Promise.all([work(0), work(1), work(2)]);
  return changes;
}

test.each([
  ['memory', memoryStores, 12],
  ['the local store', localStores, 4],
] as const)('what others change meanwhile, over %s, is never taken for damage', async (_, open, runs) => {
  const fixture = await createFixture({ stores: await open(), options: { inlineThreshold: 100 }, proven: true });
  for (let number = 0; number < 10; number++) await uploadTo(fixture, `still ${number}`, sampleBytes(300));
  let isStopped = false;
  const changing = keepChanging(fixture, () => isStopped);
  const found: Finding[] = [];
  for (let run = 0; run < runs; run++) {
    const verification = await fixture.storage.verification.begin();
    for await (const finding of verification.findings()) found.push(finding);
  }
  isStopped = true;
  expect(await changing).toBeGreaterThan(0);
  expect(found.filter(({ kind }) => kind !== 'orphan')).toEqual([]);
});
