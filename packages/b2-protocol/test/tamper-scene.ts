import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import {
  keys,
  type FileVersionRecord,
  type PartRecord,
  type TableName,
  type Tables,
  type Write,
} from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { openLocalStore, type LocalStore } from '@coffer/store-local';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customerKey, sseB2Headers, sseB2Json } from '../src/test-support/customer-keys.ts';
import { TestServer, sha1 } from '../src/test-support/test-server.ts';

export type Mode = 'SSE-B2' | 'SSE-C' | 'none';
export type Shape = 'inline' | 'blob' | 'large';

const one = customerKey(1);

/** A stored file that is to be damaged, with its records as they were stored. */
export interface Subject {
  readonly mode: Mode;
  readonly shape: Shape;
  readonly name: string;
  readonly content: Buffer;
  readonly version: FileVersionRecord;
  readonly parts: readonly PartRecord[];
  /** The blob of an older version of the name, as long as this one's; of a large file, that of its second part. */
  readonly olderBlob: Buffer;
  /** What the second part of a large file was before it was uploaded again. */
  readonly earlierAttempt: { readonly part: PartRecord; readonly blob: Buffer } | undefined;
  /** What a client sends to read it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A server over a local store whose files and records can be changed behind its back. */
export class TamperScene {
  readonly server: TestServer;
  readonly store: LocalStore;
  readonly bucketId: string;
  readonly #directory: string;

  private constructor(directory: string, store: LocalStore, server: TestServer, bucketId: string) {
    this.#directory = directory;
    this.store = store;
    this.server = server;
    this.bucketId = bucketId;
  }

  static async open(): Promise<TamperScene> {
    const directory = await mkdtemp(join(tmpdir(), 'coffer-tamper-'));
    const store = await openLocalStore({ directory });
    const key = (byte: number) => SecretBytes.copyOf(new Uint8Array(32).fill(byte));
    const provider = new MemoryKeyProvider([
      { id: 'gk_1', state: 'active', createdAt: 1, key: key(8) },
      { id: 'gk_0', state: 'decrypt-only', createdAt: 0, key: key(9) },
    ]);
    const random = seededRandom('tamper');
    const server = await TestServer.open(
      { ...store, keys: provider, clock: fixedClock(1_700_000_000_000), random },
      // Every read looks at what is stored then, like the first one after a start.
      { storage: { inlineThreshold: 1_000, keptParts: 0 } },
    );
    return new TamperScene(directory, store, server, await server.createBucket('my-bucket'));
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.#directory, { recursive: true });
  }

  /** Stores a file of the given kind. Files of one shape have one length. */
  async keep(mode: Mode, shape: Shape, name: string, fill: number): Promise<Subject> {
    const sizes = { inline: [500], blob: [50_000], large: [40_000, 40_000, 100] }[shape];
    const pieces = sizes.map((size, n) => Buffer.alloc(size, `${String(fill)} ${String(n)} ${mode} `));
    const store = shape === 'large' ? this.#large : this.#small;
    const older = await store.call(
      this,
      mode,
      name,
      pieces.map((piece) => piece.map((byte) => byte ^ 1) as Buffer),
    );
    const { fileId, earlierAttempt } = await store.call(this, mode, name, pieces);
    const version = await this.#versionOf(fileId);
    const parts = await this.#partsOf(fileId);
    const olderBlobId = (await this.#partsOf(older.fileId))[1]?.blobId ?? (await this.#versionOf(older.fileId)).blobId;
    return {
      ...{ mode, shape, name, version, parts, earlierAttempt, content: Buffer.concat(pieces) },
      olderBlob: await this.bytesOf(olderBlobId ?? ''),
      headers: mode === 'SSE-C' ? one.headers : {},
      json: mode === 'SSE-C' ? { sourceServerSideEncryption: one.json } : {},
    };
  }

  /** The record as it is stored. */
  async #versionOf(fileId: string): Promise<FileVersionRecord> {
    const place = await this.store.metadata.get('fileIds', keys.fileIds(fileId));
    assert.ok(place !== undefined);
    const stored = await this.store.metadata.get('fileVersions', versionKeyOf({ ...place.value, fileId }));
    assert.ok(stored !== undefined);
    return stored.value;
  }

  async #partsOf(fileId: string): Promise<readonly PartRecord[]> {
    const all = { start: new Uint8Array(1), end: undefined, limit: 1_000 };
    const parts = (await this.store.metadata.scan('parts', all)).map((row) => row.value);
    return parts.filter((part) => part.fileId === fileId);
  }

  async #small(mode: Mode, name: string, [content = Buffer.of()]: readonly Buffer[]): Promise<Kept> {
    const headers = { none: {}, 'SSE-B2': sseB2Headers, 'SSE-C': one.headers }[mode];
    const { fileId } = (await this.server.upload(this.bucketId, name, content, { headers })).json;
    return { fileId, earlierAttempt: undefined };
  }

  async #large(mode: Mode, name: string, pieces: readonly Buffer[]): Promise<Kept> {
    const setting = { none: undefined, 'SSE-B2': sseB2Json, 'SSE-C': one.json }[mode];
    const start = { bucketId: this.bucketId, fileName: name, contentType: 'text/plain' };
    const fields = setting === undefined ? start : { ...start, serverSideEncryption: setting };
    const { fileId } = await this.server.ok('b2_start_large_file', fields);
    const headers = mode === 'SSE-C' ? one.headers : {};
    await this.server.uploadPart(fileId, 2, Buffer.alloc(pieces[1]?.length ?? 0, 'an earlier attempt'), { headers });
    const [part] = await this.#partsOf(fileId);
    assert.ok(part !== undefined);
    const earlierAttempt = { part, blob: await this.bytesOf(part.blobId) };
    for (const [index, piece] of pieces.entries()) await this.server.uploadPart(fileId, index + 1, piece, { headers });
    await this.server.ok('b2_finish_large_file', { fileId, partSha1Array: pieces.map((piece) => sha1(piece)) });
    return { fileId, earlierAttempt };
  }

  /** Changes a record; undefined removes it. The result puts back what was there. */
  async record<Name extends TableName>(
    table: Name,
    key: Uint8Array,
    change: (record: Tables[Name]) => Tables[Name] | undefined,
  ): Promise<() => Promise<void>> {
    const before = (await this.store.metadata.get(table, key))?.value;
    assert.ok(before !== undefined, `There is no such record in ${table}`);
    await this.put(table, key, change(before));
    return () => this.put(table, key, before);
  }

  async put<Name extends TableName>(table: Name, key: Uint8Array, record: Tables[Name] | undefined): Promise<void> {
    const write = record === undefined ? { table, key, delete: true } : { table, key, put: record };
    // That name and record belong together is what the signature says.
    await this.store.metadata.commit({ expectations: [], writes: [write as unknown as Write] });
  }

  /** Changes the stored bytes of a blob, wherever they are; undefined removes them. */
  async blob(blobId: string, change: (bytes: Buffer) => Uint8Array | undefined): Promise<() => Promise<void>> {
    const inline = await this.store.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
    if (inline !== undefined)
      return this.record('inlineBlobs', keys.inlineBlobs(blobId), (bytes) => plain(change(Buffer.from(bytes))));
    const path = join(this.#directory, 'blobs', blobId.slice(0, 2), blobId);
    const before = await readFile(path);
    const after = change(Buffer.from(before));
    if (after === undefined) await rm(path);
    else await writeFile(path, after);
    return () => writeFile(path, before);
  }

  async bytesOf(blobId: string): Promise<Buffer> {
    const inline = await this.store.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
    if (inline !== undefined) return Buffer.from(inline.value);
    return readFile(join(this.#directory, 'blobs', blobId.slice(0, 2), blobId));
  }
}

const plain = (bytes: Uint8Array | undefined) => bytes && Uint8Array.from(bytes);

type Kept = Pick<Subject, 'earlierAttempt'> & { readonly fileId: string };

export function versionKeyOf({
  bucketId,
  name,
  uploadTimestamp,
  fileId,
}: Pick<FileVersionRecord, 'bucketId' | 'name' | 'uploadTimestamp' | 'fileId'>): Uint8Array {
  return keys.fileVersions(bucketId, name, uploadTimestamp, fileId);
}

export const blobIdsOf = ({ version, parts }: Subject): readonly string[] =>
  version.blobId === null ? parts.map((part) => part.blobId) : [version.blobId];
