import { SecretBytes } from '@coffer/bytes';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import { sseB2, sseC } from '../encryption/file-encryption.ts';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, type MemoryServer } from '../../test/memory-server.ts';

const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');

async function withFile(data = pattern(250), options: object = {}) {
  const server = await memoryServer();
  const bucketId = await server.bucket();
  const client = server.client();
  const { fileId } = await client.upload({ bucketId, fileName: 'a/b', data, ...options });
  server.seen.length = 0;
  return { server, bucketId, client, fileId, name: { bucketName: 'my-bucket', fileName: 'a/b' } };
}

/** Ends the bodies of downloads after so many bytes, one number for each answer. */
function cutBodies(server: MemoryServer, lengths: number[], end: 'break' | 'end' = 'break'): void {
  server.intercept = async ({ method, operation }, goOn) => {
    const length = method === 'GET' && /file/.test(operation) ? lengths.shift() : undefined;
    if (length === undefined) return undefined;
    const answer = await goOn();
    const content = new Uint8Array(await answer.arrayBuffer()).subarray(0, length);
    let sent = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (!sent && length > 0) controller.enqueue(content);
        else if (end === 'end') controller.close();
        else controller.error(new TypeError('terminated'));
        sent = true;
      },
    });
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

describe('download', () => {
  it.each([0, 1, 100, 250])('gives %i bytes, verified, by id and by name', async (length) => {
    const data = pattern(length);
    const { client, fileId, name } = await withFile(data);
    for (const source of [{ fileId }, name]) {
      const download = await client.download(source);
      expect(download).toMatchObject({ length, verified: 'sha1', range: undefined });
      expect(download.file).toMatchObject({ fileId, fileName: 'a/b', serverSideEncryption: { mode: 'none' } });
      expect(await download.bytes()).toEqual(data);
    }
    const { stream } = await client.download({ fileId });
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(data);
  });

  it.each([
    [{ first: 10, last: 19 }, 10, 20],
    [{ first: 240 }, 240, 250],
    [{ lastBytes: 5 }, 245, 250],
    [{ first: 0, last: 1000 }, 0, 250],
  ])('gives the range %j', async (range, from, to) => {
    const { client, fileId } = await withFile();
    const download = await client.download({ fileId, range });
    expect(await download.bytes()).toEqual(pattern(250).subarray(from, to));
    expect(download.verified).toBe(to - from === 250 ? 'sha1' : 'length');
    if (to - from < 250) expect(download.range).toEqual({ first: from, last: to - 1, fileLength: 250 });
  });

  it('refuses a range behind the end', async () => {
    const { client, fileId } = await withFile();
    expect((await caught(client.download({ fileId, range: { first: 250 } }))).code).toBe('range_not_satisfiable');
  });

  it('finds a file whose name no URL can hold', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    for (const fileName of ['a/../b', '..', './c', 'a?b#c%2F', 'ü +']) {
      await client.upload({ bucketId, fileName, data: bytes(fileName) });
      const download = await client.download({ bucketName: 'my-bucket', fileName });
      expect(await download.bytes()).toEqual(bytes(fileName));
      const { file, body } = await client.api.downloadFileByName(
        { bucketName: 'my-bucket', fileName },
        { headersOnly: true },
      );
      expect([file.fileName, body]).toEqual([fileName, null]);
    }
  });

  it.each(['break', 'end'] as const)('goes on where the content stops early: %s', async (end) => {
    const data = pattern(250);
    const { server, client, name, fileId } = await withFile(data);
    cutBodies(server, [100, 0, 30, 7], end);
    const told: number[] = [];
    const download = await client.download({ ...name, onProgress: (progress) => told.push(progress.bytes) });
    expect(await download.bytes()).toEqual(data);
    const asked = server.seen.map(({ headers }) => headers.get('range'));
    expect(asked).toEqual([null, 'bytes=100-249', 'bytes=100-249', 'bytes=130-249', 'bytes=137-249']);
    expect(server.seen.slice(1).every(({ url }) => url.endsWith(`?fileId=${fileId}`))).toBe(true);
    expect(told.at(-1)).toBe(250);
    cutBodies(server, [5], end);
    const ranged = await client.download({ fileId, range: { first: 20, last: 39 } });
    expect(await ranged.bytes()).toEqual(data.subarray(20, 40));
    expect(server.seen.at(-1)?.headers.get('range')).toBe('bytes=25-39');
  });

  it('ends with an error if the server goes on elsewhere', async () => {
    const data = pattern(250);
    const { server, client, fileId } = await withFile(data, { wholeSha1: false });
    for (const place of [undefined, 'bytes 99-248/250']) {
      let answers = 0;
      server.intercept = async (_, goOn) => {
        const answer = await goOn();
        const headers = new Headers(answer.headers);
        headers.delete('Content-Range');
        if (place !== undefined) headers.set('Content-Range', place);
        return answers++ === 0
          ? new Response(data.subarray(0, 100), answer)
          : new Response(data.subarray(99, 249), { status: place === undefined ? 200 : 206, headers });
      };
      const download = await client.download({ fileId });
      expect(await caught(download.bytes())).toMatchObject({ code: 'invalid_response' });
      expect(answers).toBe(2);
    }
  });

  it('asks for nothing more if all has come when the connection breaks', async () => {
    const { server, client, fileId } = await withFile();
    cutBodies(server, [250]);
    expect(await (await client.download({ fileId })).bytes()).toEqual(pattern(250));
    expect(server.seen).toHaveLength(1);
  });

  it('gives up when nothing comes', async () => {
    const { server, client, fileId } = await withFile();
    cutBodies(server, [100, 0, 0, 0, 0, 0, 0]);
    const download = await client.download({ fileId });
    expect(await caught(download.bytes())).toMatchObject({ code: 'connection_failed' });
    expect(server.seen).toHaveLength(5);
  });

  it('ends with an error if the content is not that of the file', async () => {
    const { server, client, fileId } = await withFile();
    server.intercept = async (_, goOn) => {
      const answer = await goOn();
      const content = new Uint8Array(await answer.arrayBuffer());
      content[17]! ^= 1;
      return new Response(content, answer);
    };
    const download = await client.download({ fileId });
    expect(await caught(download.bytes())).toMatchObject({ code: 'checksum_mismatch' });
    const { stream } = await client.download({ fileId });
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow('SHA-1');
  });

  it('verifies nothing that the runtime has decoded', async () => {
    const info = { fileInfo: { 'b2-content-encoding': 'gzip' }, wholeSha1: false };
    const { client, fileId } = await withFile(pattern(20), info);
    const download = await client.download({ fileId });
    expect(download).toMatchObject({ verified: 'nothing', length: undefined });
    expect(download.file).toMatchObject({
      contentSha1: sha1(pattern(20)),
      fileInfo: { 'b2-content-encoding': 'gzip' },
    });
    expect(await download.bytes()).toEqual(pattern(20));
  });

  it('is aborted while it is read', async () => {
    const { client, fileId } = await withFile();
    const stop = new AbortController();
    const download = await client.download({
      fileId,
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('enough'));
      },
    });
    await expect(download.bytes()).rejects.toThrow('enough');
  });

  it('lets go of the answer when it is cancelled, read or unread', async () => {
    const { server, client, fileId } = await withFile();
    let cancelled = 0;
    server.intercept = async (_, goOn) => {
      const answer = await goOn();
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new Uint8Array(10));
        },
        cancel() {
          cancelled++;
        },
      });
      return new Response(body, answer);
    };
    const [unread, read] = [await client.download({ fileId }), await client.download({ fileId })];
    await unread.stream.cancel();
    const reader = read.stream.getReader();
    await reader.read();
    await reader.cancel();
    expect(cancelled).toBe(2);
  });

  it('takes no more into memory than it may', async () => {
    const { client, fileId } = await withFile();
    const download = await client.download({ fileId });
    await expect(download.bytes(100)).rejects.toThrow('100 bytes');
  });
});

describe('a download with a ring of customer keys', () => {
  const keys = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));
  const [one, two, three] = keys.map((key, index) => sseC(key, { id: `key ${index + 1}` }));
  const ring = new CustomerKeyRing([one!, two!, three!]);
  const sentKeys = ({ seen }: MemoryServer) =>
    seen.map(({ headers }) => headers.get('x-bz-server-side-encryption-customer-key')).filter((key) => key !== null);

  it.each([20, 250])('finds the key by its id: %i bytes', async (length) => {
    const { server, client, fileId } = await withFile(pattern(length), { encryption: two });
    const download = await client.download({ fileId, encryption: ring });
    expect(download.file.fileInfo['sse_c_key_id']).toBe('key 2');
    expect(download.file.serverSideEncryption.mode).toBe('SSE-C');
    expect(await download.bytes()).toEqual(pattern(length));
    expect(sentKeys(server)).toHaveLength(1);
  });

  it('tries the keys of a file that names none, and of one that is found by its name', async () => {
    const { server, client, fileId, name } = await withFile(pattern(20), { encryption: sseC(keys[2]!) });
    for (const source of [{ fileId }, name]) {
      server.seen.length = 0;
      const download = await client.download({ ...source, encryption: ring });
      expect(await download.bytes()).toEqual(pattern(20));
      expect(new Set(sentKeys(server)).size).toBe(3);
    }
  });

  it.each([undefined, sseB2()])('sends none for a file under %j', async (encryption) => {
    const { server, client, fileId, name } = await withFile(
      pattern(20),
      encryption === undefined ? {} : { encryption },
    );
    for (const source of [{ fileId }, name]) {
      expect(await (await client.download({ ...source, encryption: ring })).bytes()).toEqual(pattern(20));
    }
    expect(sentKeys(server)).toEqual([]);
  });

  it('says that none is right', async () => {
    const { client, fileId, name } = await withFile(pattern(20), { encryption: sseC(SecretBytes.random(32)) });
    for (const source of [{ fileId }, name]) {
      const error = await caught(client.download({ ...source, encryption: ring }));
      expect(error).toMatchObject({ code: 'customer_key_not_found', cause: { code: 'access_denied' } });
    }
    const none = await caught(client.download({ fileId, encryption: new CustomerKeyRing([]) }));
    expect(none.code).toBe('customer_key_not_found');
  });

  it('goes on with the same key where the content breaks off', async () => {
    const { server, client, fileId } = await withFile(pattern(20), { encryption: two });
    cutBodies(server, [7]);
    expect(await (await client.download({ fileId, encryption: ring })).bytes()).toEqual(pattern(20));
    expect(sentKeys(server)).toHaveLength(2);
  });
});

describe('a customer key', () => {
  it('that is not given is asked for by the server', async () => {
    const { client, fileId } = await withFile(pattern(20), { encryption: sseC(SecretBytes.random(32)) });
    expect(await caught(client.download({ fileId }))).toMatchObject({ code: 'bad_request', status: 400 });
  });

  it.each(['http://127.0.0.1:9', 'http://coffer.test'])('is never sent over %s unless that is allowed', async (url) => {
    const server = await memoryServer({ allowInsecureCustomerKeys: true }, url);
    const bucketId = await server.bucket();
    const careful = server.client();
    const encryption = sseC(SecretBytes.random(32));
    const { fileId } = await careful.upload({ bucketId, fileName: 'plain', data: bytes('x') });
    const { fileId: largeFileId } = await careful.api.startLargeFile({ bucketId, fileName: 'b', contentType: 'a/b' });
    server.seen.length = 0;
    const attempts = [
      careful.upload({ bucketId, fileName: 'a', data: bytes('x'), encryption }),
      careful.upload({ bucketId, fileName: 'a', data: pattern(101), encryption }),
      careful.api.uploadPart({
        fileId: largeFileId,
        partNumber: 1,
        body: bytes('x'),
        serverSideEncryption: encryption,
      }),
      careful.download({ fileId, encryption }),
      careful.download({ bucketName: 'my-bucket', fileName: 'a', encryption: new CustomerKeyRing([encryption]) }),
      careful.copy({ sourceFileId: fileId, fileName: 'c', encryption }),
      careful.api.copyPart({
        sourceFileId: fileId,
        largeFileId,
        partNumber: 1,
        destinationServerSideEncryption: encryption,
      }),
    ];
    const codes = await Promise.all(
      attempts.map(async (attempt) => (await caught(attempt.then(() => undefined))).code),
    );
    expect(new Set(codes)).toEqual(new Set(['customer_key_over_http', 'not_found']));
    expect(codes.filter((code) => code === 'not_found')).toHaveLength(1);
    expect(server.seen.some(({ headers }) => headers.has('x-bz-server-side-encryption-customer-key'))).toBe(false);
    const daring = server.client({ allowCustomerKeysOverHttp: true });
    const stored = await daring.upload({ bucketId, fileName: 'a', data: bytes('x'), encryption });
    expect(await (await daring.download({ fileId: stored.fileId, encryption })).bytes()).toEqual(bytes('x'));
  });
});
