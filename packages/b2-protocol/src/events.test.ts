import { collect, type ByteStream, type SizedStream } from '@coffer/bytes';
import { RequestBodyError } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { StorageError, type Storage } from '@coffer/storage-core';
import { StoreError, type BlobStore } from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, it } from 'vitest';
import { createB2Handler } from './index.ts';
import { customerKey, sseB2Headers, sseB2Json } from './test-support/customer-keys.ts';
import { sha1, TestServer, type InMemoryOptions } from './test-support/test-server.ts';

const clock = fixedClock(1_700_000_000_000);

function open(options: InMemoryOptions = {}): Promise<TestServer> {
  return TestServer.inMemory({ clock, ...options });
}

/** More than the head of a blob has, and less than the data of any here. */
const longestHead = 90;

/**
 * A blob store whose medium turns one bit of the last byte of whatever is read but a blob's head, and gives 64 KiB at a
 * time.
 */
function damaged(blobs: BlobStore): BlobStore {
  const flip = async function* (stream: ByteStream) {
    const bytes = (await collect(stream, 2 ** 24)).slice();
    if (bytes.length > 0) bytes[bytes.length - 1]! ^= 1;
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  };
  return {
    ...blobs,
    read: async (id, range) => {
      const stream = await blobs.read(id, range);
      return (range?.length ?? Infinity) > longestHead ? flip(stream) : stream;
    },
  };
}

/** The same storage behind another handler, with some of its services replaced. */
function handlerOver(storage: Storage, onError: (error: unknown) => void = () => undefined) {
  return createB2Handler({
    // There is one account, which sees what was replaced.
    storage: { ...storage, ofAccount: () => storage },
    clock,
    random: seededRandom(2),
    origins: () => ({ apiUrl: '', downloadUrl: '', s3ApiUrl: '' }),
    recommendedPartSize: 1,
    onError,
  });
}

describe('request events', () => {
  it('tell what was done, how much, and how it is encrypted', async () => {
    const server = await open();
    const bucketId = await server.createBucket('my-bucket');
    await server.upload(bucketId, 'a', 'hello', { headers: sseB2Headers });
    const { requestId, ...upload } = server.events.at(-1)!;
    expect(requestId).toMatch(/^[0-9a-f]{24}$/);
    expect(upload).toEqual({
      ...{ peer: '127.0.0.1', keyId: server.accountId, bucketId, refusedCredentials: null },
      operation: 'b2_upload_file',
      method: 'POST',
      version: 'v4',
      status: 200,
      errorCode: null,
      bytesIn: 5,
      bytesOut: expect.any(Number) as number,
      durationMs: 0,
      encryption: 'SSE-B2',
      deliberate: false,
      incomplete: false,
    });
    await server.download('/file/my-bucket/a', { headers: { Range: 'bytes=1-2' } });
    const expected = { operation: 'b2_download_file_by_name', version: null, status: 206, bytesOut: 2, bytesIn: 0 };
    expect(server.events.at(-1)).toMatchObject({ ...expected, encryption: 'SSE-B2', incomplete: false });
    await server.download('/file/my-bucket/b');
    expect(server.events.at(-1)).toMatchObject({ status: 404, errorCode: 'not_found', encryption: null, bucketId });
    const start = { bucketId, fileName: 'l', contentType: 'a/b', serverSideEncryption: sseB2Json };
    await server.ok('b2_start_large_file', start);
    expect(server.events.at(-1)).toMatchObject({ operation: 'b2_start_large_file', encryption: 'SSE-B2' });
  });

  it('tell of an answer that was given up, and one that nobody began to read', async () => {
    const server = await open();
    const bucketId = await server.createBucket('my-bucket');
    await server.upload(bucketId, 'a', 'x'.repeat(200_000));
    const headers = { Authorization: server.masterToken };
    const get = () => server.handler(testRequest({ target: '/file/my-bucket/a', headers }));
    const events = server.events.length;
    const unread = await get();
    expect(server.events.length).toBe(events);
    await (unread.body as SizedStream).stream[Symbol.asyncIterator]().return?.();
    expect(server.events.at(-1)).toMatchObject({ status: 200, bytesOut: 0, incomplete: true });
    const { body } = await get();
    if (body === undefined || body instanceof Uint8Array) throw new Error('The body is a stream');
    const iterator = body.stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    expect(server.events.at(-1)).toMatchObject({ incomplete: true });
    expect(server.events.at(-1)!.bytesOut).toBeGreaterThan(0);
    expect(server.events.length).toBe(events + 2);
    expect(server.errors).toEqual([]);
  });

  it('do not disturb the answer when their reader fails', async () => {
    const server = await open({
      b2: {
        onRequest: () => {
          throw new Error('reader');
        },
        onError: () => {
          throw new Error('reporter');
        },
      },
    });
    const answer = await server.handler(testRequest({ target: '/' }));
    expect(answer.status).toBe(404);
  });
});

describe('damaged data', () => {
  it('at the beginning of a file is an internal error, reported once', async () => {
    const server = await open({ storage: { inlineThreshold: 0 }, blobs: damaged(createMemoryBlobStore()) });
    const bucketId = await server.createBucket('my-bucket');
    await server.upload(bucketId, 'a', 'x'.repeat(100), { headers: sseB2Headers });
    const answer = await server.download('/file/my-bucket/a');
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal_error' } });
    expect(String(answer.json.message)).toContain(answer.headers.get('x-bz-request-id'));
    expect(server.errors).toMatchObject([{ code: 'integrity' }]);
    expect(server.events.at(-1)).toMatchObject({ status: 500, errorCode: 'internal_error', incomplete: false });
  });

  it('further on ends the answer, is reported, and releases no wrong byte', async () => {
    const server = await open({ storage: { inlineThreshold: 0 }, blobs: damaged(createMemoryBlobStore()) });
    const bucketId = await server.createBucket('my-bucket');
    const content = 'x'.repeat(2_000_000);
    await server.upload(bucketId, 'a', content, { headers: sseB2Headers });
    const headers = { Authorization: server.masterToken };
    const { status, body } = await server.handler(testRequest({ target: '/file/my-bucket/a', headers }));
    expect(status).toBe(200);
    if (body === undefined || body instanceof Uint8Array) throw new Error('The body is a stream');
    let released = '';
    const read = async () => {
      for await (const piece of body.stream) released += new TextDecoder().decode(piece);
    };
    await expect(read()).rejects.toMatchObject({ code: 'integrity' });
    expect(content.startsWith(released)).toBe(true);
    expect(released.length).toBeLessThan(content.length);
    expect(server.errors).toMatchObject([{ code: 'integrity' }]);
    expect(server.events.at(-1)).toMatchObject({ status: 200, incomplete: true });
  });

  it('is an internal error to the caller of a copy', async () => {
    const server = await open({ storage: { inlineThreshold: 0 }, blobs: damaged(createMemoryBlobStore()) });
    const bucketId = await server.createBucket('my-bucket');
    const sourceFileId = (await server.upload(bucketId, 'a', 'x'.repeat(100), { headers: sseB2Headers })).json.fileId;
    const copy = () => server.call('b2_copy_file', { sourceFileId, fileName: 'b' });
    const answer = await server.refused(copy, { status: 500, code: 'internal_error' });
    expect(answer.json.message).toContain(answer.headers.get('x-bz-request-id'));
    expect(server.errors).toMatchObject([{ code: 'integrity' }]);
  });

  it('of a row that does not decode is an internal error, not an outage that will pass', async () => {
    const metadata = createMemoryMetadataStore();
    const server = await open({ metadata });
    const bucketId = await server.createBucket('my-bucket');
    await server.upload(bucketId, 'a', 'x');
    const get = metadata.get.bind(metadata);
    metadata.get = (table, key) =>
      table === 'fileVersions'
        ? Promise.reject(new StoreError('damaged', 'It does not decode', { row: { table, key } }))
        : get(table, key);
    expect(await server.download('/file/my-bucket/a')).toMatchObject({ status: 500, json: { code: 'internal_error' } });
    expect(server.errors).toMatchObject([{ code: 'record_damaged', details: { table: 'fileVersions' } }]);
  });
});

describe('unexpected errors', () => {
  it('are internal, and their text is for the log only', async () => {
    const server = await open();
    const reported: unknown[] = [];
    const failing = { ...server.storage.buckets, list: () => Promise.reject(new Error('disk /dev/secret')) };
    const handler = handlerOver({ ...server.storage, buckets: failing }, (error) => reported.push(error));
    const answer = await handler(
      testRequest({
        target: `/b2api/v4/b2_list_buckets?accountId=${server.accountId}`,
        headers: { Authorization: server.masterToken },
      }),
    );
    expect(answer.status).toBe(500);
    expect(new TextDecoder().decode(answer.body as Uint8Array)).not.toContain('secret');
    expect(reported).toMatchObject([{ message: 'disk /dev/secret' }]);
  });

  it.each([
    ['timeout', 408, 'request_timeout'],
    ['too_short', 400, 'bad_request'],
    ['too_long', 400, 'bad_request'],
  ] as const)('of the body: %s', async (code, status, expected) => {
    const server = await open();
    const bucketId = await server.createBucket('my-bucket');
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const body = (async function* () {
      yield new Uint8Array(1);
      throw new RequestBodyError(code, 'as said');
    })();
    const send = () =>
      server.send({
        method: 'POST',
        target: url.uploadUrl.slice('http://coffer.test'.length),
        headers: {
          Authorization: url.authorizationToken,
          'X-Bz-File-Name': 'a',
          'Content-Type': 'a/b',
          'X-Bz-Content-Sha1': sha1('xx'),
        },
        body,
        contentLength: 2,
      });
    await server.refused(send, { status, code: expected });
  });
});

describe('customer keys', () => {
  it('are wiped when the request is done, whatever became of it', async () => {
    const server = await open();
    const bucketId = await server.createBucket('my-bucket');
    const one = customerKey(1);
    const fileId = (await server.upload(bucketId, 'a', 'x', { headers: one.headers })).json.fileId;
    const seen: EncryptionRequest[] = [];
    const note = (encryption: EncryptionRequest | undefined) => {
      if (encryption !== undefined) seen.push(encryption);
    };
    const { files, reads, copies, largeFiles } = server.storage;
    const handler = handlerOver({
      ...server.storage,
      reads: { ...reads, open: (version, encryption) => (note(encryption), reads.open(version, encryption)) },
      files: { ...files, upload: (file, content) => (note(file.encryption), files.upload(file, content)) },
      largeFiles: { ...largeFiles, start: (file) => (note(file.encryption), largeFiles.start(file)) },
      copies: {
        ...copies,
        copyFile: (copy) => (note(copy.encryption), note(copy.source.encryption), copies.copyFile(copy)),
      },
    });
    const call = (name: string, fields: object) =>
      handler(
        testRequest({
          method: 'POST',
          target: `/b2api/v4/${name}`,
          headers: { Authorization: server.masterToken },
          body: JSON.stringify(fields),
        }),
      );
    const two = customerKey(2);
    const keys = (source: object) => ({
      sourceServerSideEncryption: source,
      destinationServerSideEncryption: two.json,
    });
    const start = { bucketId, fileName: 'l', contentType: 'a/b', serverSideEncryption: one.json };
    const statuses = [
      await call('b2_download_file_by_id', { fileId, serverSideEncryption: one.json }),
      await call('b2_download_file_by_id', { fileId, serverSideEncryption: two.json }),
      await call('b2_copy_file', { sourceFileId: fileId, fileName: 'b', ...keys(one.json) }),
      await call('b2_copy_file', { sourceFileId: fileId, fileName: 'b', ...keys(two.json) }),
      await call('b2_start_large_file', start),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 403, 200, 403, 200]);
    expect(seen).toHaveLength(7);
    expect(seen.every((given) => given.mode === 'SSE-C' && given.customerKey.key.wiped)).toBe(true);
  });
});

describe('errors of the store', () => {
  it.each([
    ['storage_unavailable', 503, 'service_unavailable'],
    ['storage_full', 403, 'storage_cap_exceeded'],
  ] as const)('%s', async (code, status, expected) => {
    const server = await open();
    const { files } = server.storage;
    const failing = { ...files, upload: () => Promise.reject(new StorageError(code, 'as said', {})) };
    const broken = handlerOver({ ...server.storage, files: failing });
    const bucketId = await server.createBucket('my-bucket');
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const answer = await broken(
      testRequest({
        method: 'POST',
        target: url.uploadUrl.slice('http://coffer.test'.length),
        headers: {
          Authorization: url.authorizationToken,
          'X-Bz-File-Name': 'a',
          'Content-Type': 'a/b',
          'X-Bz-Content-Sha1': sha1('x'),
        },
        body: 'x',
      }),
    );
    expect(answer.status).toBe(status);
    expect(JSON.parse(new TextDecoder().decode(answer.body as Uint8Array))).toMatchObject({ code: expected });
  });
});
