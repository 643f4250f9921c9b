import { operationNames, type OperationName } from '@coffer/b2-schema';
import {
  PowerCutDisk,
  countingFilePlan,
  failEachCall,
  faultyFileSystem,
  type CountingFilePlan,
  type Fault,
} from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { openFileBlobStore } from '@coffer/store-local';
import { describe, expect, test } from 'vitest';
import { FaultScene, type Broken } from '../test/fault-scene.ts';
import type { Answer, TestServer } from './test-support/test-server.ts';

const memoryStores = () => ({ metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() });

/** Every file version that is listed can be read to its end. */
async function requireReadable(server: TestServer): Promise<void> {
  for (const { bucketId } of (await server.ok('b2_list_buckets', { accountId: server.accountId })).buckets) {
    for (const { action, fileId, contentLength } of (await server.ok('b2_list_file_versions', { bucketId })).files) {
      if (action !== 'upload') continue;
      const { status, bytes } = await server.download(`/b2api/v4/b2_download_file_by_id?fileId=${fileId}`);
      expect({ status, length: bytes.length }).toEqual({ status: 200, length: contentLength });
    }
  }
}

/** What a client that failed may be told: to try again, or that there is no space. */
function requireAnswer(answer: Answer | Broken, full: boolean): void {
  if (answer.status === 'broken') return;
  const { status, json, headers } = answer;
  if (full) {
    expect({ status, code: json.code }).toEqual({ status: 403, code: 'storage_cap_exceeded' });
  } else {
    expect({ status, code: json.code }).toEqual({ status: 503, code: 'service_unavailable' });
    expect(headers.get('retry-after')).toBe('1');
  }
}

const isDone = ({ status }: Answer | Broken) => status === 200;

const faults: readonly (readonly [string, Fault, boolean])[] = [
  ['without effect', { kind: 'before', code: 'io' }, false],
  ['for want of space', { kind: 'before', code: 'full' }, true],
  ['in the middle of a stream', { kind: 'tear', bytes: 5 }, false],
];

describe.each([...operationNames])('%s, with the n-th call of a store failing, for every n', (name) => {
  test.each(faults)(
    '%s: an answer to try again on, nothing changed, and the next request works',
    async (_, fault, full) => {
      const calls = await failEachCall(
        async (plan) => {
          const scene = await FaultScene.open(memoryStores());
          const before = await scene.server.snapshot();
          scene.plan = plan;
          const answer = await scene.run(name);
          scene.plan = undefined;
          if (!isDone(answer)) {
            requireAnswer(answer, full);
            await scene.server.storage.recovery.recover();
            expect(await scene.server.snapshot()).toEqual(before);
            scene.clock.advance(5_000);
            expect(isDone(await scene.run(name))).toBe(true);
          }
          scene.clock.advance(5_000);
          await requireSound(scene.server);
        },
        // Reading takes no space.
        full ? { fault, only: ['commit', 'write'] } : { fault },
      );
      if (!full) expect(calls).toBeGreaterThan(0);
    },
  );

  test('with its acknowledgement lost: after a restart it was done whole or not at all', async () => {
    await failEachCall(
      async (plan) => {
        const scene = await FaultScene.open(memoryStores());
        scene.plan = plan;
        const answer = await scene.run(name);
        scene.plan = undefined;
        if (!isDone(answer)) requireAnswer(answer, false);
        if (plan.fired && plan.calls.at(-1) === 'commit' && !isDone(answer))
          expect(scene.server.storage.health().state).toBe('failed');
        await requireSound(await scene.restarted());
      },
      { fault: { kind: 'after', code: 'io' } },
    );
  });
});

/** Recovered, everything that is listed is readable, nothing is left over, and an upload works. */
async function requireSound(server: TestServer): Promise<void> {
  await server.storage.recovery.recover();
  expect(await server.storage.recovery.recover()).toEqual({
    deletions: 0,
    leftovers: 0,
    orphanBlobs: 0,
    purged: 0,
    concerns: [],
  });
  await requireReadable(server);
  const bucketId = await server.createBucket('bucket-after');
  expect((await server.upload(bucketId, 'after', 'x'.repeat(20))).status).toBe(200);
  expect((await server.download('/file/bucket-after/after')).bytes.length).toBe(20);
}

/** The operations that read, write or remove blobs. */
const blobOperations: readonly OperationName[] = [
  'b2_upload_file',
  'b2_upload_part',
  'b2_copy_file',
  'b2_copy_part',
  'b2_delete_file_version',
  'b2_cancel_large_file',
  'b2_download_file_by_id',
  'b2_download_file_by_name',
];

/** Runs the operation with its `failing`-th system call on blob files failing so. */
async function withFileFault(name: OperationName, failing: number, errno: string): Promise<CountingFilePlan> {
  let plan: CountingFilePlan | undefined;
  const disk = new PowerCutDisk();
  const files = faultyFileSystem(disk, { next: (call) => plan?.next(call) });
  const stores = { metadata: createMemoryMetadataStore(), blobs: await openFileBlobStore(blobRoot, files) };
  const scene = await FaultScene.open(stores);
  const before = await scene.server.snapshot();
  const counting = countingFilePlan(failing, errno);
  plan = counting;
  const answer = await scene.run(name);
  plan = undefined;
  scene.clock.advance(5_000);
  if (!isDone(answer)) {
    // That a file is not there is an error of the disk, or damage.
    if (errno === 'ENOENT') expect([500, 503, 'broken']).toContain(answer.status);
    else requireAnswer(answer, errno === 'ENOSPC' && saysNoSpace(name, counting.failed, answer.status));
    await scene.server.storage.recovery.recover();
    expect(await scene.server.snapshot()).toEqual(before);
    expect(isDone(await scene.run(name))).toBe(true);
  }
  await requireSound(await scene.restarted({ blobs: await openFileBlobStore(blobRoot, disk) }));
  return counting;
}

const blobRoot = '/data/blobs';

/**
 * Whether a failed call says "no space" to the client. Reading takes none, so there it is a disk that fails. A copy
 * opens and measures both its source, which it reads, and its destination, which it writes: there the answer says which
 * of the two it was.
 */
function saysNoSpace(name: OperationName, failed: string | undefined, status: number | 'broken'): boolean {
  if (name.startsWith('b2_download_')) return false;
  if (!name.startsWith('b2_copy_')) return true;
  return failed === 'open' || failed === 'size' ? status !== 503 : failed !== 'read';
}

describe.each(blobOperations)('%s over files, with the n-th system call failing, for every n', (name) => {
  test.each(['EIO', 'ENOSPC', 'EACCES', 'ENOENT'])('%s', async (errno) => {
    const failed = new Set<string>();
    for (let failing = 1; ; failing++) {
      const plan = await withFileFault(name, failing, errno);
      if (plan.failed === undefined) break;
      failed.add(plan.failed);
    }
    expect(failed.size).toBeGreaterThan(1);
  });
});
