import { streamOf, pieceBuffers, canFill, type ByteStream } from '@coffer/bytes';
import { afterEach, describe, expect, test } from 'vitest';
import { mkdtemp, readdir, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { openFileBlobStore } from '@coffer/store-local';
import { createMemoryMetadataStore } from '@coffer/store-memory';
import { bodyOf, census, createFixture, customer, md5Of, newFile, readBack, sampleBytes } from '../../test/fixture.ts';
import { LateDigests } from '../../test/late-digests.ts';

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];
const data = sampleBytes(1_000_000);

/** The data in pieces, as a connection has them: of any memory, and not used again. */
function pieces(size = 65_000): ByteStream {
  return streamOf(
    ...Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.slice(i * size, (i + 1) * size)),
  );
}

/** The data with both digests, which are compared. */
const sentBody = () =>
  bodyOf(data, { body: { stream: pieces(), length: data.length }, md5: Buffer.from(md5Of(data), 'hex') });

const directories: string[] = [];
async function localFixture(digestEngine: LateDigests) {
  const root = await mkdtemp(join(tmpdir(), 'coffer-digests-'));
  directories.push(root);
  const stores = { metadata: createMemoryMetadataStore(), blobs: await openFileBlobStore(root) };
  return { root, ...(await createFixture({ stores, digestEngine })) };
}
afterEach(async () => {
  expect(pieceBuffers.inUse).toBe(0);
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

describe.each(modes)('digests on another thread, of a file with %s', (mode, request) => {
  test('are compared as others are, and the file is read back', async () => {
    const engine = new LateDigests();
    const { storage, bucket } = await localFixture(engine);
    const version = await storage.files.upload(newFile(bucket.bucketId, 'a', { encryption: request() }), sentBody());
    expect(engine.seen.aside).toBe(15);
    const back = await readBack(storage, version, mode === 'SSE-C' ? request() : undefined);
    expect(Buffer.compare(back, data)).toBe(0);
    // Reading compares what is not encrypted with its SHA-1.
    expect(engine.seen.aside > 15).toBe(mode === 'none');
    expect(engine.seen.now).toBe(0);
  });

  test('that are not the claimed ones leave nothing behind', async () => {
    const { storage, bucket, root } = await localFixture(new LateDigests());
    const body = bodyOf(data, { body: { stream: pieces(), length: data.length }, md5: new Uint8Array(16) });
    const uploading = storage.files.upload(newFile(bucket.bucketId, 'a', { encryption: request() }), body);
    await expect(uploading).rejects.toMatchObject({ code: 'checksum_mismatch' });
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test.each([1, 7, 15])('that fail at piece %i fail the upload, and nothing else', async (failing) => {
    const fixture = await localFixture(new LateDigests(1, failing));
    const upload = (name: string) =>
      fixture.storage.files.upload(newFile(fixture.bucket.bucketId, name, { encryption: request() }), sentBody());
    const before = await census(fixture);
    await expect(upload('a')).rejects.toThrow();
    expect((await census(fixture))['blobs']).toEqual(before['blobs']);
    expect(await upload('b')).toMatchObject({ size: data.length });
  });

  test.each([0, 1, 5, 14])('are left alone where the client leaves after %i pieces', async (count) => {
    const engine = new LateDigests();
    const { storage, bucket, root } = await localFixture(engine);
    const controller = new AbortController();
    const stream = (async function* () {
      let sent = 0;
      for await (const piece of pieces()) {
        if (sent++ === count) controller.abort(new Error('The client is gone'));
        yield piece;
      }
    })();
    const body = bodyOf(data, { body: { stream, length: data.length }, signal: controller.signal });
    const uploading = storage.files.upload(newFile(bucket.bucketId, 'a', { encryption: request() }), body);
    await expect(uploading).rejects.toThrow('The client is gone');
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    while (engine.seen.now > 0) await new Promise(setImmediate);
  });
});

describe('a download that is digested on another thread', () => {
  async function stored() {
    const engine = new LateDigests();
    const fixture = await localFixture(engine);
    const file = newFile(fixture.bucket.bucketId, 'a', { encryption: { mode: 'none' } });
    const version = await fixture.storage.files.upload(file, bodyOf(data));
    const opened = await fixture.storage.reads.open(version);
    const iterator = opened.read({ start: 0, length: data.length })[Symbol.asyncIterator]();
    if (!canFill(iterator)) throw new TypeError('What is read from files fills its consumer’s memory');
    return { ...fixture, engine, iterator };
  }

  test('is right in memory that its consumer changes as soon as it has it', async () => {
    const { iterator } = await stored();
    const target = new Uint8Array(100_000);
    let read = 0;
    for (let count = await iterator.fill(target); count > 0; count = await iterator.fill(target)) {
      expect(Buffer.compare(target.subarray(0, count), data.subarray(read, read + count))).toBe(0);
      target.fill(0xee);
      read += count;
    }
    expect(read).toBe(data.length);
  });

  test('holds its end back where the blob was damaged', async () => {
    const { iterator, root } = await stored();
    const [folder = ''] = (await readdir(root)).filter((name) => name !== 'tmp');
    const [blob = ''] = await readdir(join(root, folder));
    const bytes = await readFile(join(root, folder, blob));
    bytes[500_000]! ^= 1;
    await writeFile(join(root, folder, blob), bytes);
    const target = new Uint8Array(600_000);
    expect(await iterator.fill(target)).toBe(600_000);
    await expect(iterator.fill(target)).rejects.toMatchObject({ code: 'integrity' });
  });

  test.each([0, 1, 2])('is over when it is left during fill %i', async (count) => {
    const { iterator, engine } = await stored();
    const target = new Uint8Array(100_000);
    for (let i = 0; i < count; i++) await iterator.fill(target);
    const filling = iterator.fill(target);
    await iterator.return();
    await filling;
    expect(engine.seen.now).toBe(0);
    expect(await iterator.fill(target)).toBe(0);
  });
});
