import {
  PowerCutDisk,
  countingFilePlan,
  failEachCall,
  faultyFileSystem,
  type CountingFilePlan,
  type Fault,
} from '@coffer/storage-testkit';
import { createMemoryMetadataStore } from '@coffer/store-memory';
import { openFileBlobStore } from '@coffer/store-local';
import { beforeAll, describe, expect, test } from 'vitest';
import { cases, FaultScene, PreparedStores, type Broken, type Case } from '../test/fault-scene.ts';
import { childText, errorMessage, type Answer, type TestServer } from './test-support/test-server.ts';

let prepared: PreparedStores;
beforeAll(async () => {
  prepared = await PreparedStores.make();
});

/** Of several deletions at once, each has an answer of its own. */
const failedEntry = ({ xml }: Answer) => xml?.children.find(({ name }) => name === 'Error');
const isDone = (answer: Answer | Broken): boolean =>
  answer.status !== 'broken' && answer.status < 300 && failedEntry(answer) === undefined;

/** What a client that failed may be told: to try again, or that there is no space. */
function requireAnswer(answer: Answer | Broken, full: boolean): void {
  if (answer.status === 'broken') return;
  const expected = full ? { status: 403, code: 'AccessDenied' } : { status: 503, code: 'ServiceUnavailable' };
  const entry = failedEntry(answer);
  if (entry !== undefined) {
    expect(childText(entry, 'Code')).toBe(expected.code);
    return;
  }
  expect(answer.status).toBe(expected.status);
  if (!full) expect(answer.headers.get('retry-after')).toBe('1');
  // An answer to HEAD has no body.
  if (answer.xml === undefined) return;
  expect(answer.code).toBe(expected.code);
  if (full) expect(errorMessage(answer)).toBe('The storage has no space left');
}

/** Recovered, nothing is left over, and an upload works. */
async function requireRecovered(server: TestServer): Promise<void> {
  const { storage } = server;
  await storage.recovery.recover();
  expect(await storage.recovery.recover()).toEqual({
    deletions: 0,
    leftovers: 0,
    orphanBlobs: 0,
    purged: 0,
    concerns: [],
  });
  await server.ok({ method: 'PUT', target: '/bucket-full/after', body: 'x'.repeat(20) });
  expect((await server.ok({ target: '/bucket-full/after' })).bytes.length).toBe(20);
}

/** The same, and everything that is stored can be read. */
async function requireSound(server: TestServer): Promise<void> {
  await requireRecovered(server);
  const kinds: string[] = [];
  for await (const { kind } of (await server.storage.verification.begin()).findings()) kinds.push(kind);
  // The store was not made by a start of the server, which proves its keyring.
  expect(kinds.filter((kind) => kind !== 'missing-row')).toEqual([]);
}

/** The operations that read, write or remove blobs. */
const blobCases: readonly Case[] = [
  'PutObject',
  'PostObject',
  'UploadPart',
  'CopyObject',
  'UploadPartCopy',
  'DeleteObject of a version',
  'AbortMultipartUpload',
  'GetObject',
];

const faults: readonly (readonly [string, Fault, boolean])[] = [
  ['without effect', { kind: 'before', code: 'io' }, false],
  ['for want of space', { kind: 'before', code: 'full' }, true],
  ['in the middle of a stream', { kind: 'tear', bytes: 5 }, false],
];

describe.each([...cases])('%s, with the n-th call of a store failing, for every n', (name) => {
  const streams = blobCases.includes(name);
  test.each(faults.filter(([, { kind }]) => streams || kind !== 'tear'))(
    '%s: an answer to try again on, nothing changed, and the next request works',
    async (_, fault, full) => {
      const calls = await failEachCall(
        async (plan) => {
          const scene = await FaultScene.open(prepared);
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
          await requireRecovered(scene.server);
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
        const scene = await FaultScene.open(prepared);
        scene.plan = plan;
        const answer = await scene.run(name);
        scene.plan = undefined;
        if (!isDone(answer)) requireAnswer(answer, false);
        if (plan.fired && plan.calls.at(-1) === 'commit' && !isDone(answer))
          expect(scene.server.storage.health().state).toBe('failed');
        await requireSound(await scene.restarted());
      },
      // A read whose answer is lost is one that failed.
      { fault: { kind: 'after', code: 'io' }, only: ['commit', 'write', 'delete'] },
    );
  });
});

const blobRoot = '/data/blobs';

/** Runs the operation with its `failing`-th system call on blob files failing so. */
async function withFileFault(name: Case, failing: number, errno: 'EIO' | 'ENOSPC'): Promise<CountingFilePlan> {
  let plan: CountingFilePlan | undefined;
  const disk = new PowerCutDisk();
  const files = faultyFileSystem(disk, { next: (call) => plan?.next(call) });
  const stores = { metadata: createMemoryMetadataStore(), blobs: await openFileBlobStore(blobRoot, files) };
  const scene = await FaultScene.open(prepared, stores);
  const before = await scene.server.snapshot();
  const counting = countingFilePlan(failing, errno);
  plan = counting;
  const answer = await scene.run(name);
  plan = undefined;
  scene.clock.advance(5_000);
  if (!isDone(answer)) {
    requireAnswer(answer, errno === 'ENOSPC' && saysNoSpace(name, counting.failed, answer.status));
    await scene.server.storage.recovery.recover();
    expect(await scene.server.snapshot()).toEqual(before);
    expect(isDone(await scene.run(name))).toBe(true);
  }
  await requireSound(await scene.restarted({ blobs: await openFileBlobStore(blobRoot, disk) }));
  return counting;
}

/**
 * Whether a failed call says "no space" to the client. Reading takes none, so there it is a disk that fails. A copy
 * opens and measures both its source, which it reads, and its destination, which it writes: there the answer says which
 * of the two it was.
 */
function saysNoSpace(name: Case, failed: string | undefined, status: number | 'broken'): boolean {
  if (name === 'GetObject') return false;
  if (name !== 'CopyObject' && name !== 'UploadPartCopy') return true;
  return failed === 'open' || failed === 'size' ? status !== 503 : failed !== 'read';
}

describe.each(blobCases)('%s over files, with the n-th system call failing, for every n', (name) => {
  test.each(['EIO', 'ENOSPC'] as const)('%s', async (errno) => {
    const failed = new Set<string>();
    for (let failing = 1; ; failing++) {
      const plan = await withFileFault(name, failing, errno);
      if (plan.failed === undefined) break;
      failed.add(plan.failed);
    }
    expect(failed.size).toBeGreaterThan(1);
  });
});
