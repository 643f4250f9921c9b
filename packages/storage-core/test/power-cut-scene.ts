import { headerMetadataSize } from '@coffer/b2-schema';
import assert from 'node:assert/strict';
import {
  StoreError,
  type BlobStore,
  type Commit,
  type FileVersionRecord,
  type MetadataStore,
} from '@coffer/storage-ports';
import { PowerCutDisk, fixedClock, seededRandom, type Choose } from '@coffer/storage-testkit';
import { createMemoryMetadataStore, type MemoryMetadataStore } from '@coffer/store-memory';
import { openFileBlobStore, type BlobFileSystem } from '@coffer/store-local';
import { createStorage } from '../src/create-storage.ts';
import { StorageError } from '../src/services/storage-error.ts';
import type { Storage } from '../src/services/storage.ts';
import { census, globalKeys, newFile, bodyOf, readBack, sampleBytes, startTime, deletionOf } from './fixture.ts';

/** Noted in the disk's history: what became of commits, and what clients asked for and were told. */
type Mark =
  | { readonly kind: 'commit-begun'; readonly commit: Commit }
  | { readonly kind: 'commit-durable' }
  | { readonly kind: 'stored'; readonly version: FileVersionRecord; readonly data: Uint8Array }
  | { readonly kind: 'delete-asked' | 'deleted'; readonly version: FileVersionRecord };

export const root = '/data/blobs';

/** Ways to build the storage wrongly, for the test of the test. */
export interface Breakage {
  readonly files?: (files: BlobFileSystem) => BlobFileSystem;
  readonly blobs?: (blobs: BlobStore) => BlobStore;
  /** Acknowledge commits before they are durable, as LMDB with MDB_NOSYNC would. */
  readonly earlyCommits?: boolean;
}

/**
 * A storage whose blobs are on a modelled disk and whose commits are taken as LMDB promises them: atomic, in order,
 * durable when acknowledged, and at any moment before that there or not.
 */
export class PowerCutScene {
  readonly disk: PowerCutDisk<Mark>;
  readonly storage: Storage;
  readonly bucketId: string;
  /** The first moment of the disk's history at which the power may be cut: bucket and earlier promises are there. */
  readonly start: number;
  /** What each name of a file may hold. */
  readonly contents: Map<string, Uint8Array>;
  readonly #before: readonly Commit[];

  private constructor(
    disk: PowerCutDisk<Mark>,
    storage: Storage,
    bucketId: string,
    before: readonly Commit[],
    contents: Map<string, Uint8Array>,
  ) {
    this.disk = disk;
    this.storage = storage;
    this.bucketId = bucketId;
    this.start = disk.history.length;
    this.#before = before;
    this.contents = contents;
  }

  static async open(breakage: Breakage = {}): Promise<PowerCutScene> {
    const disk = new PowerCutDisk<Mark>();
    const storage = await storageOn(disk, createMemoryMetadataStore(), breakage);
    const { accountId } = await storage.accounts.bootstrap();
    const { bucketId } = await storage.buckets.create({ accountId, name: 'bucket', type: 'allPrivate', settings: {} });
    return new PowerCutScene(disk, storage, bucketId, [], new Map());
  }

  async upload(name: string, size: number): Promise<FileVersionRecord> {
    const data = this.#dataOf(name, size);
    const version = await this.storage.files.upload(newFile(this.bucketId, name, sse), bodyOf(data));
    this.disk.mark({ kind: 'stored', version, data });
    return version;
  }

  async large(name: string, sizes: readonly number[]): Promise<FileVersionRecord> {
    const data = this.#dataOf(
      name,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    const { fileId } = await this.storage.largeFiles.start(newFile(this.bucketId, name, sse));
    const sha1s: string[] = [];
    let offset = 0;
    for (const [index, size] of sizes.entries()) {
      const part = bodyOf(data.subarray(offset, (offset += size)));
      const { contentSha1 } = await this.storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, part);
      sha1s.push(contentSha1.sha1);
    }
    const version = await this.storage.largeFiles.finish(fileId, sha1s);
    this.disk.mark({ kind: 'stored', version, data });
    return version;
  }

  /** A large file of some of the parts that were uploaded for it. */
  async completed(name: string, sizes: readonly number[], chosen: readonly number[]): Promise<FileVersionRecord> {
    const { fileId } = await this.storage.largeFiles.start(newFile(this.bucketId, name, sse));
    const parts = sizes.map((size, index) => sampleBytes(size, index));
    const listed: { partNumber: number; entityTag: string }[] = [];
    for (const [index, part] of parts.entries()) {
      const target = { fileId, partNumber: 2 * index + 1 };
      const { entityTag, partNumber } = await this.storage.largeFiles.uploadPart(target, bodyOf(part));
      if (chosen.includes(index)) listed.push({ partNumber, entityTag });
    }
    const data = Uint8Array.from(Buffer.concat(parts.filter((_, index) => chosen.includes(index))));
    this.contents.set(name, data);
    const version = await this.storage.largeFiles.complete(fileId, listed);
    this.disk.mark({ kind: 'stored', version, data });
    return version;
  }

  async copy(source: FileVersionRecord, name: string): Promise<FileVersionRecord> {
    const data = this.contents.get(source.name) ?? new Uint8Array();
    this.contents.set(name, data);
    const version = await this.storage.copies.copyFile({ source: { fileId: source.fileId }, name, ...sse });
    this.disk.mark({ kind: 'stored', version, data });
    return version;
  }

  async delete(version: FileVersionRecord): Promise<void> {
    this.disk.mark({ kind: 'delete-asked', version });
    await this.storage.files.deleteVersion(deletionOf(version));
    this.disk.mark({ kind: 'deleted', version });
  }

  /** The machine after the power was cut and came back: nothing is recovered yet, and everything is noted anew. */
  async afterPowerCut(length: number, choose: Choose): Promise<PowerCutScene> {
    const disk = this.disk.afterPowerCut(length, choose);
    const commits = [...this.#before, ...this.#commitsAt(length, choose)];
    const metadata = createMemoryMetadataStore();
    for (const { writes } of commits) await metadata.commit({ expectations: [], writes });
    for (const mark of this.#marksAt(length))
      if (mark.kind === 'stored' || mark.kind === 'deleted' || mark.kind === 'delete-asked') disk.mark(mark);
    const storage = await storageOn(disk, metadata, {});
    return new PowerCutScene(disk, storage, this.bucketId, commits, this.contents);
  }

  /** Recovers, and checks everything that was promised until now. @throws what is broken. */
  async recoverAndCheck(): Promise<void> {
    const promised = this.#marksAt(this.disk.history.length);
    const { concerns } = await this.storage.recovery.recover();
    assert.deepEqual(concerns, [], 'a cut leaves nothing but what recovery expects');
    assert.deepEqual(await this.disk.readdir(`${root}/tmp`), [], 'leftovers');
    const askedFor = promised.flatMap((mark) => (mark.kind === 'delete-asked' ? [mark.version.fileId] : []));
    for (const mark of promised) {
      if (mark.kind === 'stored' && !askedFor.includes(mark.version.fileId)) await this.#checkStored(mark);
      if (mark.kind === 'deleted') await this.#checkDeleted(mark.version);
    }
    await this.#checkListed();
  }

  async #checkStored({ version, data }: { version: FileVersionRecord; data: Uint8Array }): Promise<void> {
    const found = await this.storage.files.get(version.fileId);
    assert.deepEqual(found, version);
    assert.ok(
      Buffer.compare(await readBack(this.storage, found), data) === 0,
      `${version.name} is not what was stored`,
    );
  }

  async #checkDeleted({ fileId }: FileVersionRecord): Promise<void> {
    await assert.rejects(this.storage.files.get(fileId), (error) => StorageError.is(error, 'file_missing'));
  }

  /** Whatever is listed can be read and is whole; blobs and references match. */
  async #checkListed(): Promise<void> {
    const { rows } = await this.storage.listings.versions({ bucketId: this.bucketId, limit: 100 });
    for (const row of rows) {
      if (row.kind !== 'version' || row.version.action !== 'upload') continue;
      const bytes = await readBack(this.storage, row.version);
      const expected = this.contents.get(row.version.name) ?? new Uint8Array();
      assert.ok(Buffer.compare(bytes, expected) === 0, `${row.version.name} is not whole`);
    }
    const {
      blobs = 0,
      inlineBlobs = 0,
      blobReferences = 0,
      pendingDeletions = 0,
    } = await census(portsOf(this.storage));
    assert.deepEqual({ blobs: blobs + inlineBlobs, pendingDeletions }, { blobs: blobReferences, pendingDeletions: 0 });
  }

  #dataOf(name: string, size: number): Uint8Array {
    const data = sampleBytes(size, this.contents.size);
    this.contents.set(name, data);
    return data;
  }

  #marksAt(length: number): readonly Mark[] {
    return this.disk.history.slice(0, length).flatMap((entry) => (entry.kind === 'mark' ? [entry.mark] : []));
  }

  /** The commits that are on disk: those acknowledged, and of those under way any number, in order. */
  #commitsAt(length: number, choose: Choose): readonly Commit[] {
    const marks = this.#marksAt(length);
    const begun = marks.flatMap((mark) => (mark.kind === 'commit-begun' ? [mark.commit] : []));
    const durable = marks.filter((mark) => mark.kind === 'commit-durable').length;
    return begun.slice(0, durable + choose(begun.length - durable + 1));
  }
}

const sse = { encryption: { mode: 'SSE-B2' } } as const;

const ports = new WeakMap<Storage, { readonly metadata: MetadataStore; readonly blobs: BlobStore }>();

function portsOf(storage: Storage) {
  const found = ports.get(storage);
  assert.ok(found);
  return found;
}

const unchanged = <T>(real: T): T => real;

let storages = 0;

async function storageOn(disk: PowerCutDisk<Mark>, inner: MemoryMetadataStore, breakage: Breakage): Promise<Storage> {
  const { files = unchanged, blobs: breakBlobs = unchanged } = breakage;
  const blobs = breakBlobs(await openFileBlobStore(root, files(disk)));
  const metadata = {
    ...inner,
    commit: (commit: Commit) => commitOn(disk, inner, commit, breakage.earlyCommits ?? false),
  };
  const storage = createStorage(
    {
      metadata,
      blobs,
      keys: globalKeys(),
      clock: fixedClock(startTime),
      metadataSize: headerMetadataSize,
      random: seededRandom(`power cut ${storages++}`),
    },
    { inlineThreshold: 50, minimumPartSize: 1 },
  );
  ports.set(storage, { metadata, blobs });
  return storage;
}

async function commitOn(disk: PowerCutDisk<Mark>, inner: MetadataStore, commit: Commit, early: boolean): Promise<void> {
  // In memory a commit takes effect at the call, or not at all.
  const done = inner.commit(commit);
  try {
    await done;
  } catch (error) {
    assert.ok(error instanceof StoreError);
    throw error;
  }
  if (commit.writes.length === 0) return;
  disk.mark({ kind: 'commit-begun', commit });
  if (early) {
    void flushLater(disk);
    return;
  }
  await Promise.resolve();
  disk.mark({ kind: 'commit-durable' });
}

async function flushLater(disk: PowerCutDisk<Mark>): Promise<void> {
  for (let turns = 0; turns < 200; turns++) await Promise.resolve();
  disk.mark({ kind: 'commit-durable' });
}
