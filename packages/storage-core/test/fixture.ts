import { headerMetadataSize } from '@coffer/b2-schema';
import { createHash } from 'node:crypto';
import { SecretBytes, collect, streamOf, type ByteStream } from '@coffer/bytes';
import { MemoryKeyProvider, type KeyProvider } from '@coffer/envelope-crypto';
import { CustomerKey, type EncryptionRequest } from '@coffer/sse-schema';
import {
  tableNames,
  type BlobStore,
  type BucketRecord,
  type FileVersionRecord,
  type MetadataStore,
} from '@coffer/storage-ports';
import { fixedClock, seededRandom, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { createStorage } from '../src/create-storage.ts';
import type {
  BucketSettings,
  DigestEngine,
  FileVersion,
  NewFile,
  Storage,
  StorageOptions,
  UploadBody,
  VersionDeletion,
} from '../src/services/storage.ts';

/** A moment that tests begin at. */
export const startTime = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export interface Fixture {
  readonly storage: Storage;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly keys: KeyProvider;
  readonly clock: FixedClock;
  readonly metadataSize: typeof headerMetadataSize;
  readonly accountId: string;
  readonly bucket: BucketRecord;
}

export interface FixtureSettings {
  readonly options?: Partial<StorageOptions>;
  readonly bucket?: BucketSettings;
  readonly stores?: { readonly metadata: MetadataStore; readonly blobs: BlobStore };
  readonly keys?: KeyProvider;
  readonly digestEngine?: DigestEngine;
  /** Whether the store is made first, with the proof of its keyring, as a server does. */
  readonly proven?: boolean;
}

/** A key provider with one active key made of the byte. */
export function globalKeys(byte = 7): MemoryKeyProvider {
  const key = SecretBytes.copyOf(new Uint8Array(32).fill(byte));
  return new MemoryKeyProvider([{ id: `key${byte}`, state: 'active', createdAt: startTime, key }]);
}

/** Fresh stores in memory, keys and a clock; all that a storage needs besides ids. */
export function testStores() {
  return {
    metadata: createMemoryMetadataStore(),
    blobs: createMemoryBlobStore(),
    keys: globalKeys(),
    clock: fixedClock(startTime),
    metadataSize: headerMetadataSize,
  };
}

/** A storage over fresh stores with an account and a bucket. */
export async function createFixture(settings: FixtureSettings = {}): Promise<Fixture> {
  const metadata = settings.stores?.metadata ?? createMemoryMetadataStore();
  const blobs = settings.stores?.blobs ?? createMemoryBlobStore();
  const keys = settings.keys ?? globalKeys();
  const clock = fixedClock(startTime);
  const random = seededRandom('storage-core');
  const storage = createStorage(
    { metadata, blobs, keys, clock, random, digestEngine: settings.digestEngine, metadataSize: headerMetadataSize },
    { minimumPartSize: 100, ...settings.options },
  );
  if (settings.proven === true) await storage.recovery.makeStore();
  const { accountId } = await storage.accounts.bootstrap();
  const bucket = await storage.buckets.create({
    accountId,
    name: 'bucket-one',
    type: 'allPrivate',
    settings: settings.bucket ?? {},
  });
  return { storage, metadata, blobs, keys, clock, metadataSize: headerMetadataSize, accountId, bucket };
}

/** A request for SSE-C with a key made of the byte; a new object each time, as each request of a client is. */
export function customer(byte: number): EncryptionRequest & { readonly mode: 'SSE-C' } {
  return { mode: 'SSE-C', customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(byte)) };
}

/** Bytes that are the same for the same length and seed, and different at every place that matters. */
export function sampleBytes(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 17 + seed * 101) & 0xff);
}

export function sha1Of(data: Uint8Array): string {
  return createHash('sha1').update(data).digest('hex');
}

export function md5Of(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** The data as a body with its SHA-1. */
export function bodyOf(data: Uint8Array, changes: Partial<UploadBody> = {}): UploadBody {
  return {
    body: { stream: streamOf(data), length: data.length },
    sha1: { kind: 'given', sha1: sha1Of(data) },
    ...changes,
  };
}

export function newFile(bucketId: string, name: string, changes: Partial<NewFile> = {}): NewFile {
  return { bucketId, name, contentType: 'text/plain', fileInfo: {}, ...changes };
}

export async function uploadTo(
  { storage, bucket }: Pick<Fixture, 'storage' | 'bucket'>,
  name: string,
  data: Uint8Array = sampleBytes(10),
  changes: Partial<NewFile> = {},
): Promise<FileVersion> {
  return storage.files.upload(newFile(bucket.bucketId, name, changes), bodyOf(data));
}

/** The version as one to delete. */
export function deletionOf({ name, fileId }: { readonly name: string; readonly fileId: string }): VersionDeletion {
  return { name, fileId, bypassGovernance: false };
}

/** A finished large file of the given parts. */
export async function largeFile(
  { storage, bucket }: Pick<Fixture, 'storage' | 'bucket'>,
  name: string,
  parts: readonly Uint8Array[],
  changes: Partial<NewFile> = {},
): Promise<FileVersion> {
  const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, name, changes));
  const key = changes.encryption?.mode === 'SSE-C' ? { encryption: changes.encryption } : {};
  for (const [index, data] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1, ...key }, bodyOf(data));
  return storage.largeFiles.finish(fileId, parts.map(sha1Of));
}

/** Opens and reads a file, or a range of it. */
export async function readBack(
  storage: Storage,
  version: FileVersionRecord,
  encryption?: EncryptionRequest,
  range = { start: 0, length: version.size },
): Promise<Uint8Array> {
  const file = await storage.reads.open(version, encryption);
  try {
    return Uint8Array.from(await collect(file.read(range), range.length));
  } finally {
    file.close();
  }
}

/** A stream that fails after some data. */
export async function* failingStream(data: Uint8Array, error: Error): ByteStream & AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  yield data;
  throw error;
}

/**
 * How many records each table that is not empty has, and how many blobs there are. Without the bounds, which tell of
 * processes.
 */
export async function census({
  metadata,
  blobs,
}: Pick<Fixture, 'metadata' | 'blobs'>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tableNames) {
    if (table === 'blobWriteBounds') continue;
    const rows = await metadata.scan(table, { start: new Uint8Array(0), end: undefined, limit: 10_000 });
    if (rows.length > 0) counts[table] = rows.length;
  }
  const ids = await blobs.list({ limit: 10_000 });
  return ids.length === 0 ? counts : { ...counts, blobs: ids.length };
}

/** All bytes that a file's blobs are stored as. */
export async function storedBytes({ metadata, blobs }: Pick<Fixture, 'metadata' | 'blobs'>): Promise<Buffer> {
  const inline = await metadata.scan('inlineBlobs', { start: new Uint8Array(0), end: undefined, limit: 10_000 });
  const stored = inline.map((row) => Buffer.from(row.value));
  for (const blobId of await blobs.list({ limit: 10_000 }))
    for await (const piece of await blobs.read(blobId)) stored.push(Buffer.from(piece));
  return Buffer.concat(stored);
}

/** Lets something else happen, once, between what the next operation read and its commit. */
export function beforeNextCommit(metadata: MetadataStore, happen: () => Promise<unknown>): void {
  const commit = metadata.commit.bind(metadata);
  metadata.commit = async (writes) => {
    metadata.commit = commit;
    await happen();
    return commit(writes);
  };
}
