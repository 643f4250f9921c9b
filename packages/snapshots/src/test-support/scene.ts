import { headerMetadataSize } from '@coffer/b2-schema';
import { SecretBytes, collect, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { CustomerKey, type EncryptionRequest } from '@coffer/sse-schema';
import { createStorage, type FileVersion, type Storage, type StorageOptions } from '@coffer/storage-core';
import type { BlobStore, MetadataStore, SnapshotRecord } from '@coffer/storage-ports';
import { fixedClock, seededRandom, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { createSnapshotService, type NewSnapshot, type SnapshotService } from '../snapshot-service.ts';
import { createSnapshotWorker, type SnapshotWorker, type SnapshotWorkerOptions } from '../snapshot-worker.ts';
import { readZip, type ZipContent } from './read-zip.ts';

export interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
}

export const startTime = Date.UTC(2026, 10, 30, 9, 30, 1);
/** Bytes; small, so that a few files make many parts. */
const partSize = 1_000;

export function memoryStores(): Stores {
  return { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
}

export function customer(byte = 5): EncryptionRequest {
  return { mode: 'SSE-C', customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(byte)) };
}

export function bytesOf(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 17 + seed * 101) & 0xff);
}

/** A storage with a bucket, the service, and workers. */
export class Scene {
  readonly storage: Storage;
  readonly clock: FixedClock;
  readonly snapshots: SnapshotService;
  readonly errors: unknown[] = [];
  accountId = '';
  bucketId = '';
  static #scenes = 0;

  private constructor(stores: Stores, options: Partial<StorageOptions>) {
    this.clock = fixedClock(startTime);
    const key = SecretBytes.copyOf(new Uint8Array(32).fill(7));
    const keys = new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key }]);
    const random = seededRandom(`scene ${Scene.#scenes++}`);
    this.storage = createStorage(
      { ...stores, keys, clock: this.clock, metadataSize: headerMetadataSize, random },
      { minimumPartSize: 100, inlineThreshold: 500, ...options },
    );
    this.snapshots = createSnapshotService({ storage: this.storage, clock: this.clock, random, planPage: 3 });
  }

  /** Opens the stores; makes the account and the bucket unless they are there. */
  static async open(stores: Stores = memoryStores(), options: Partial<StorageOptions> = {}): Promise<Scene> {
    const scene = new Scene(stores, options);
    const { accountId } = await scene.storage.accounts.bootstrap();
    scene.accountId = accountId;
    const [found] = await scene.storage.buckets.list({ accountId, name: 'my-bucket' });
    const settings = { accountId, name: 'my-bucket', type: 'allPrivate', settings: {} } as const;
    scene.bucketId = (found ?? (await scene.storage.buckets.create(settings))).bucketId;
    return scene;
  }

  worker(options: Partial<SnapshotWorkerOptions> = {}): SnapshotWorker {
    const { storage, clock } = this;
    const onError = (error: unknown) => this.errors.push(error);
    return createSnapshotWorker({ storage, clock, partSize, listingPage: 3, onError, ...options });
  }

  upload(name: string, data: Uint8Array = bytesOf(10), encryption?: EncryptionRequest): Promise<FileVersion> {
    const file = { bucketId: this.bucketId, name, contentType: 'text/plain', fileInfo: {} };
    return this.storage.files.upload(
      { ...file, ...(encryption && { encryption }) },
      { body: { stream: streamOf(data), length: data.length }, sha1: { kind: 'computed' } },
    );
  }

  /** Deletes a version. */
  async remove({ name, fileId }: FileVersion): Promise<void> {
    await this.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
  }

  /** Asks for a snapshot; of the whole bucket unless something else is said. */
  ask(selection: Partial<NewSnapshot['selection']> = { folders: [''] }, title?: string): Promise<SnapshotRecord> {
    const wanted = { bucketId: this.bucketId, files: [], folders: [], ...selection };
    return this.snapshots.create(this.accountId, { selection: wanted, ...(title !== undefined && { title }) });
  }

  async get(snapshotId: string): Promise<SnapshotRecord> {
    const found = await this.storage.snapshots.get(this.accountId, snapshotId);
    if (found === undefined) throw new Error(`There is no snapshot ${snapshotId}`);
    return found;
  }

  /** Asks for a snapshot and makes it. */
  async make(selection?: Partial<NewSnapshot['selection']>, title?: string): Promise<SnapshotRecord> {
    const { snapshotId } = await this.ask(selection, title);
    await this.worker().round();
    return this.get(snapshotId);
  }

  /** All versions and unfinished large files in the snapshot bucket. */
  async stored(): Promise<readonly FileVersion[]> {
    const [bucket] = await this.storage.buckets.list({
      accountId: this.accountId,
      name: `b2-snapshots-${this.accountId}`,
    });
    if (bucket === undefined) return [];
    const { rows } = await this.storage.listings.versions({ bucketId: bucket.bucketId, limit: 1_000 });
    return rows.flatMap((row) => (row.kind === 'version' ? [row.version] : []));
  }

  /** The only ZIP file there is, read by another library. */
  async zip(): Promise<ZipContent> {
    const stored = await this.stored();
    const [version] = stored;
    if (version === undefined || stored.length !== 1) throw new Error(`There are ${stored.length} ZIP files`);
    return readZip(await this.read(version));
  }

  async read(version: FileVersion): Promise<Uint8Array> {
    const open = await this.storage.reads.open(version);
    return collect(open.read({ start: 0, length: version.size }), version.size);
  }
}
