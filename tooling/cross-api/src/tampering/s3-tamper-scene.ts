import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { keys, type FileVersionRecord, type PartRecord } from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import {
  TamperScene,
  versionKeyOf,
  type Mode,
  type Shape,
  type Subject,
} from '../../../../packages/b2-protocol/test/tamper-scene.ts';
import { customerKey, sseS3 } from '../../../../packages/s3-protocol/src/test-support/customer-keys.ts';
import { TestUpload } from '../../../../packages/s3-protocol/src/test-support/multipart.ts';
import { TestServer } from '../../../../packages/s3-protocol/src/test-support/test-server.ts';

const one = customerKey(1);
const asked = { none: {}, 'SSE-B2': sseS3, 'SSE-C': one.headers } as const;

/** A stored object that is to be damaged, and what its reader sends. */
export interface S3Subject extends Subject {
  /** Of the source of a copy. */
  readonly sourceHeaders: Readonly<Record<string, string>>;
  /** Where each part lies in the content; of an object of one piece there is one. */
  readonly places: readonly { readonly partNumber: number; readonly start: number; readonly end: number }[];
}

/** The native API's scene, whose stored files can be changed behind the servers' backs, with an S3 server beside it. */
export class S3TamperScene {
  readonly scene: TamperScene;
  readonly s3: TestServer;

  private constructor(scene: TamperScene, s3: TestServer) {
    this.scene = scene;
    this.s3 = s3;
  }

  static async open(): Promise<S3TamperScene> {
    const scene = await TamperScene.open();
    // The keys of that scene.
    const key = (byte: number) => SecretBytes.copyOf(new Uint8Array(32).fill(byte));
    const provider = new MemoryKeyProvider([
      { id: 'gk_1', state: 'active', createdAt: 1, key: key(8) },
      { id: 'gk_0', state: 'decrypt-only', createdAt: 0, key: key(9) },
    ]);
    const s3 = await TestServer.open(
      { ...scene.store, keys: provider, clock: fixedClock(1_700_000_000_000), random: seededRandom('s3 tamper') },
      { storage: { inlineThreshold: 1_000, keptParts: 0 } },
    );
    return new S3TamperScene(scene, s3);
  }

  close(): Promise<void> {
    return this.scene.close();
  }

  /** Stores an object by S3, with a checksum of S3. Objects of one shape have one length. */
  async keep(mode: Mode, shape: Shape, name: string, fill: number): Promise<S3Subject> {
    const sizes = { inline: [500], blob: [50_000], large: [40_000, 40_000, 100] }[shape];
    const pieces = sizes.map((size, n) => Buffer.alloc(size, `${String(fill)} ${String(n)} ${mode} `));
    const changed = pieces.map((piece) => piece.map((byte) => byte ^ 1) as Buffer);
    const store = shape === 'large' ? this.#large : this.#small;
    const older = await store.call(this, mode, name, changed);
    const { fileId, earlierAttempt } = await store.call(this, mode, name, pieces);
    const version = await this.#versionOf(fileId);
    const parts = await this.#partsOf(fileId);
    const olderBlobId = (await this.#partsOf(older.fileId))[1]?.blobId ?? (await this.#versionOf(older.fileId)).blobId;
    return {
      ...{ mode, shape, name, version, parts, earlierAttempt, content: Buffer.concat(pieces), json: {} },
      olderBlob: await this.scene.bytesOf(olderBlobId ?? ''),
      headers: mode === 'SSE-C' ? one.headers : {},
      sourceHeaders: mode === 'SSE-C' ? one.sourceHeaders : {},
      places: pieces.map((piece, index) => {
        const start = pieces.slice(0, index).reduce((sum, { length }) => sum + length, 0);
        return { partNumber: index + 1, start, end: start + piece.length };
      }),
    };
  }

  async #versionOf(fileId: string): Promise<FileVersionRecord> {
    const { metadata } = this.scene.store;
    const place = await metadata.get('fileIds', keys.fileIds(fileId));
    assert.ok(place !== undefined);
    const stored = await metadata.get('fileVersions', versionKeyOf({ ...place.value, fileId }));
    assert.ok(stored !== undefined);
    return stored.value;
  }

  async #partsOf(fileId: string): Promise<readonly PartRecord[]> {
    const all = { start: new Uint8Array(1), end: undefined, limit: 1_000 };
    const rows = await this.scene.store.metadata.scan('parts', all);
    return rows.map((row) => row.value).filter((part) => part.fileId === fileId);
  }

  async #small(mode: Mode, name: string, [body = Buffer.of()]: readonly Buffer[]): Promise<Kept> {
    const trailing = { payload: 'unsigned-trailer', trailer: ['x-amz-checksum-crc32', crc32(body)] } as const;
    const request = { method: 'PUT', target: `/my-bucket/${name}`, body, headers: asked[mode], ...trailing };
    const { headers } = await this.s3.ok(request);
    return { fileId: headers.get('x-amz-version-id') ?? '', earlierAttempt: undefined };
  }

  async #large(mode: Mode, name: string, pieces: readonly Buffer[]): Promise<Kept> {
    const chosen = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
    const upload = await TestUpload.start(this.s3, `/my-bucket/${name}`, {
      headers: { ...asked[mode], ...chosen },
      partHeaders: mode === 'SSE-C' ? one.headers : {},
    });
    await upload.part(2, Buffer.alloc(pieces[1]?.length ?? 0, 'an earlier attempt'));
    const [part] = await this.#partsOf(upload.uploadId);
    assert.ok(part !== undefined);
    const earlierAttempt = { part, blob: await this.scene.bytesOf(part.blobId) };
    const sent = [];
    for (const [index, piece] of pieces.entries()) sent.push(await upload.part(index + 1, piece));
    await upload.complete(sent);
    return { fileId: upload.uploadId, earlierAttempt };
  }
}

type Kept = Pick<Subject, 'earlierAttempt'> & { readonly fileId: string };

/** Base64 of the CRC of zlib's polynomial, as clients send it. */
function crc32(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return digest.toString('base64');
}
