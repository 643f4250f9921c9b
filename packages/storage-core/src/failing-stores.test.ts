import { headerMetadataSize } from '@coffer/b2-schema';
import { expect, test } from 'vitest';
import {
  failEachCall,
  faultyBlobStore,
  faultyMetadataStore,
  type Fault,
  type FaultPlan,
} from '@coffer/storage-testkit';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersionRecord } from '@coffer/storage-ports';
import {
  bodyOf,
  census,
  createFixture,
  customer,
  largeFile,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
  deletionOf,
} from '../test/fixture.ts';
import { createStorage } from './create-storage.ts';
import { StorageError } from './services/storage-error.ts';
import type { Storage } from './services/storage.ts';

const options = { inlineThreshold: 150, minimumPartSize: 100 };
const data = sampleBytes(20_000);
const key = (): EncryptionRequest => customer(1);

/** What a bucket holds before the operation that may fail. */
interface Scene {
  readonly fixture: Fixture;
  readonly file: FileVersionRecord;
  readonly large: FileVersionRecord;
  readonly unfinishedId: string;
}

async function setScene(): Promise<Scene> {
  const fixture = await createFixture({ options });
  const { storage, bucket } = fixture;
  const file = await uploadTo(fixture, 'file', data, { encryption: { mode: 'SSE-B2' } });
  const large = await largeFile(fixture, 'large', [sampleBytes(300), sampleBytes(20)], { encryption: key() });
  const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'unfinished', { encryption: key() }));
  for (const [index, part] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1, encryption: key() }, bodyOf(part));
  return { fixture, file, large, unfinishedId: fileId };
}

const parts = [sampleBytes(200, 1), sampleBytes(90, 2)];

const operations: Readonly<Record<string, (storage: Storage, scene: Scene) => Promise<unknown>>> = {
  'upload a file': (storage, { fixture }) =>
    storage.files.upload(newFile(fixture.bucket.bucketId, 'new', { encryption: key() }), bodyOf(data)),
  'upload a file of unknown length': (storage, { fixture }) => {
    const body = { ...bodyOf(data).body, length: undefined, maximum: data.length };
    return storage.files.upload(newFile(fixture.bucket.bucketId, 'new', { encryption: key() }), bodyOf(data, { body }));
  },
  'upload a small file': (storage, { fixture }) =>
    storage.files.upload(newFile(fixture.bucket.bucketId, 'file'), bodyOf(sampleBytes(5))),
  hide: (storage, { fixture }) => storage.files.hide(fixture.bucket.bucketId, 'file'),
  'delete a file': (storage, { file }) => storage.files.deleteVersion(deletionOf(file)),
  'delete a large file': (storage, { large }) => storage.files.deleteVersion(deletionOf(large)),
  start: (storage, { fixture }) => storage.largeFiles.start(newFile(fixture.bucket.bucketId, 'another')),
  'upload a part': (storage, { unfinishedId }) =>
    storage.largeFiles.uploadPart({ fileId: unfinishedId, partNumber: 3, encryption: key() }, bodyOf(data)),
  'replace a part': (storage, { unfinishedId }) =>
    storage.largeFiles.uploadPart({ fileId: unfinishedId, partNumber: 1, encryption: key() }, bodyOf(data)),
  finish: (storage, { unfinishedId }) => storage.largeFiles.finish(unfinishedId, parts.map(sha1Of)),
  complete: async (storage, { unfinishedId }) => {
    const entityTag = await partTag(storage, unfinishedId);
    return storage.largeFiles.complete(unfinishedId, [{ partNumber: 2, entityTag }]);
  },
  cancel: (storage, { unfinishedId }) => storage.largeFiles.cancel(unfinishedId),
  'copy a file': (storage, { large }) =>
    storage.copies.copyFile({ source: { fileId: large.fileId, encryption: key() }, name: 'copy' }),
  'copy a part': (storage, { file, unfinishedId }) =>
    storage.copies.copyPart({
      source: { fileId: file.fileId },
      fileId: unfinishedId,
      partNumber: 2,
      encryption: key(),
    }),
  'create a bucket': (storage, { fixture }) =>
    storage.buckets.create({ accountId: fixture.accountId, name: 'second', type: 'allPublic', settings: {} }),
  'create a key': (storage, { fixture }) =>
    storage.applicationKeys.create({
      accountId: fixture.accountId,
      keyName: 'k',
      capabilities: [],
      bucketIds: [fixture.bucket.bucketId],
      namePrefix: null,
      validDurationInSeconds: null,
    }),
  list: (storage, { fixture }) => storage.listings.names({ bucketId: fixture.bucket.bucketId, limit: 10 }),
};

/** The tag of the last part of the unfinished file. */
async function partTag(storage: Storage, fileId: string): Promise<string> {
  const listed = await storage.largeFiles.listParts({ fileId, limit: 10 });
  return listed.parts.at(-1)!.entityTag;
}

function faultyStorage({ fixture }: Scene, plan: FaultPlan): Storage {
  const { metadata, blobs, keys, clock } = fixture;
  let last = 100;
  const random = { bytes: (length: number) => new Uint8Array(length).fill(++last) };
  const dependencies = { keys, clock, random, metadataSize: headerMetadataSize };
  return createStorage(
    { ...dependencies, metadata: faultyMetadataStore(metadata, plan), blobs: faultyBlobStore(blobs, plan) },
    options,
  );
}

/** Everything that clients can see. */
async function visible({ storage, bucket, accountId }: Fixture): Promise<unknown> {
  const { bucketId } = bucket;
  const unfinished = await storage.largeFiles.listUnfinished({ bucketId, limit: 100 });
  return {
    buckets: await storage.buckets.list({ accountId }),
    keys: await storage.applicationKeys.list({ accountId, limit: 100 }),
    names: await storage.listings.names({ bucketId, limit: 100 }),
    versions: await storage.listings.versions({ bucketId, limit: 100 }),
    parts: await Promise.all(
      unfinished.files.map(({ fileId }) => storage.largeFiles.listParts({ fileId, limit: 100 })),
    ),
  };
}

/** After recovery no blob is left over, and every file can be read. */
async function requireConsistent(fixture: Fixture): Promise<void> {
  const { storage, bucket } = fixture;
  await storage.recovery.recover();
  const { blobs = 0, inlineBlobs = 0, blobReferences = 0, pendingDeletions = 0 } = await census(fixture);
  expect(pendingDeletions).toBe(0);
  expect(blobs + inlineBlobs).toBe(blobReferences);
  const { rows } = await storage.listings.versions({ bucketId: bucket.bucketId, limit: 100 });
  for (const row of rows) {
    if (row.kind !== 'version' || row.version.action !== 'upload') continue;
    const { version } = row;
    const given = version.encryption.mode === 'SSE-C' ? key() : undefined;
    expect(await readBack(storage, version, given)).toHaveLength(version.size);
  }
}

const faults: readonly (readonly [string, Fault])[] = [
  ['without effect', { kind: 'before', code: 'io' }],
  ['for want of space', { kind: 'before', code: 'full' }],
  ['in the middle of a stream', { kind: 'tear', bytes: 60 }],
];

const cases = Object.keys(operations).flatMap((name) => faults.map(([how, fault]) => ({ name, how, fault })));

test.each(cases)('$name, with each store call failing $how: all or nothing', async ({ name, fault }) => {
  const calls = await failEachCall(
    async (plan) => {
      const scene = await setScene();
      const before = await visible(scene.fixture);
      const countsBefore = await census(scene.fixture);
      const outcome = await operations[name]!(faultyStorage(scene, plan), scene).then(
        () => 'done',
        (error: unknown) => error,
      );
      if (outcome !== 'done') {
        expect(outcome).toSatisfy((error) => StorageError.is(error));
        expect((outcome as StorageError).code).toMatch(/^storage_(full|unavailable)$/);
        expect(await visible(scene.fixture)).toEqual(before);
      }
      await requireConsistent(scene.fixture);
      if (outcome !== 'done') expect(await census(scene.fixture)).toEqual(countsBefore);
    },
    { fault },
  );
  expect(calls).toBeGreaterThan(0);
});

test.each(Object.keys(operations))('%s, with each acknowledgement lost: consistent after recovery', async (name) => {
  await failEachCall(
    async (plan) => {
      const scene = await setScene();
      await operations[name]!(faultyStorage(scene, plan), scene).catch((error: unknown) => {
        expect(error).toSatisfy((failure) => StorageError.is(failure));
      });
      await requireConsistent(scene.fixture);
    },
    { fault: { kind: 'after', code: 'io' } },
  );
});
