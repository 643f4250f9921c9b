import type { BucketId } from '@coffer/b2-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import { sseB2, sseC, type FileEncryption } from '../encryption/file-encryption.ts';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, refusal, withoutEncryption, type MemoryServer } from '../../test/memory-server.ts';

const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
const first = sseC(new Uint8Array(32).fill(1), { id: 'first' });
const second = sseC(new Uint8Array(32).fill(2), { id: 'second' });
const nameless = sseC(new Uint8Array(32).fill(3));
const ring = new CustomerKeyRing([second, nameless, first]);

const encryptions: readonly [string, FileEncryption | undefined][] = [
  ['none', undefined],
  ['SSE-B2', sseB2()],
  ['SSE-C', first],
  ['another SSE-C', second],
  ['SSE-C without an id', nameless],
];
const pairs = encryptions.flatMap(([from, source]) =>
  encryptions.map(([to, target]) => ({ from, to, source, target })),
);

describe('copy', () => {
  let server: MemoryServer;
  let bucketId: BucketId;
  beforeAll(async () => {
    server = await memoryServer();
    bucketId = await server.bucket();
  });

  it.each(pairs)('from $from to $to, whole and in parts', async ({ source, target }) => {
    server.seen.length = 0;
    const client = server.client();
    const encryption = source === undefined ? {} : { encryption: source };
    const { fileId } = await client.upload({
      bucketId,
      fileName: 'a',
      data: pattern(250),
      fileInfo: { my: 'info' },
      ...encryption,
    });
    const keyed = target === undefined ? {} : { encryption: target };
    for (const more of [{}, { partSize: 100 }]) {
      const copied = await client.copy({
        sourceFileId: fileId,
        fileName: 'b',
        sourceEncryption: ring,
        ...keyed,
        ...more,
      });
      const keyId = target?.mode === 'SSE-C' ? target.keyId : undefined;
      expect(copied.fileInfo['sse_c_key_id']).toBe(keyId);
      expect(copied.fileInfo).toMatchObject({ my: 'info', large_file_sha1: expect.any(String) as string });
      expect(copied.serverSideEncryption.mode).toBe(target?.mode ?? null);
      const download = await client.download({ fileId: copied.fileId, encryption: ring });
      expect(download.verified).toBe('sha1');
      expect(await download.bytes()).toEqual(pattern(250));
    }
    expect(server.operations().filter((name) => name === 'b2_copy_part').length).toBeGreaterThanOrEqual(3);
  });

  it('of a range, and with other metadata', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const other = await server.bucket('other-bucket');
    const client = server.client();
    const { fileId } = await client.upload({ bucketId, fileName: 'a', data: pattern(250) });
    const range = { first: 10, last: 229 };
    for (const more of [{}, { partSize: 100 }]) {
      const fields = { sourceFileId: fileId, fileName: 'b', bucketId: other, contentType: 'a/b', range, ...more };
      const copied = await client.copy(fields);
      expect(copied).toMatchObject({ bucketId: other, contentType: 'a/b', contentLength: 220 });
      expect(copied.fileInfo).toEqual({});
      const { body } = await client.api.downloadFileById({ fileId: copied.fileId });
      expect(new Uint8Array(await new Response(body).arrayBuffer())).toEqual(pattern(250).subarray(10, 230));
    }
    const renamed = await client.copy({ sourceFileId: fileId, fileName: 'c', fileInfo: { a: 'b' } });
    expect(renamed).toMatchObject({ bucketId, fileInfo: { a: 'b' } });
  });

  it('of something without content is refused', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    await client.upload({ bucketId, fileName: 'a', data: bytes('x') });
    const { fileId } = await client.api.hideFile({ bucketId, fileName: 'a' });
    expect((await caught(client.copy({ sourceFileId: fileId, fileName: 'b' }))).code).toBe('not_found');
  });

  it('in parts that fails leaves nothing behind', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    const { fileId } = await client.upload({ bucketId, fileName: 'a', data: pattern(250) });
    let copies = 0;
    server.intercept = ({ operation }) =>
      operation === 'b2_copy_part' && copies++ === 2 ? refusal(403, 'storage_cap_exceeded') : undefined;
    const copied = client.copy({ sourceFileId: fileId, fileName: 'b', partSize: 100 });
    expect((await caught(copied)).code).toBe('storage_cap_exceeded');
    expect((await client.api.listUnfinishedLargeFiles({ bucketId })).files).toEqual([]);
  });

  it.each([{ partSize: 0 }, { partSize: NaN }, { parallel: 0 }])('refuses %j', async (more) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    const { fileId: sourceFileId } = await client.upload({ bucketId, fileName: 'a', data: pattern(5) });
    const error = await caught(client.copy({ sourceFileId, fileName: 'b', ...more }));
    expect(error).toMatchObject({ code: 'invalid_request', field: Object.keys(more)[0] });
  });

  it.each([
    [300, 'b2_copy_file'],
    [100, 'b2_start_large_file'],
  ])('ends with an error if the server does not encrypt as asked: parts of %i bytes', async (partSize, operation) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    const { fileId: sourceFileId } = await client.upload({ bucketId, fileName: 'a', data: pattern(250) });
    withoutEncryption(server);
    const copied = client.copy({ sourceFileId, fileName: 'b', encryption: sseB2(), partSize });
    expect(await caught(copied)).toMatchObject({ code: 'invalid_response', operation });
    expect(server.operations()).not.toContain('b2_copy_part');
    expect((await client.api.listUnfinishedLargeFiles({ bucketId })).files).toEqual([]);
  });
});
