import { fc, test } from '@fast-check/vitest';
import type { BucketId, FileId } from '@coffer/b2-schema';
import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { sseB2, sseC } from '../encryption/file-encryption.ts';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, refusal, withoutEncryption, type MemoryServer } from '../../test/memory-server.ts';
import type { Progress } from './files-context.ts';
import type { BegunLargeFile } from './upload.ts';

const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');
const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) % 251);

async function* pieces(data: Uint8Array, size: number, onEnd: () => void = () => {}): AsyncGenerator<Uint8Array, void> {
  try {
    for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
  } finally {
    onEnd();
  }
}

async function stored(server: MemoryServer, fileName: string): Promise<Uint8Array> {
  const { body } = await server.client().api.downloadFileByName({ bucketName: 'my-bucket', fileName });
  return new Uint8Array(await new Response(body).arrayBuffer());
}

async function unfinished(server: MemoryServer, bucketId: BucketId): Promise<number> {
  const { files } = await server.client().api.listUnfinishedLargeFiles({ bucketId });
  return files.length;
}

const partsSent = ({ seen }: MemoryServer) => seen.filter(({ operation }) => operation === 'b2_upload_part').length;

describe('upload', () => {
  it.each([0, 1, 99, 100])('of %i bytes is one file', async (length) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const data = pattern(length);
    const client = server.client();
    for (const [fileName, given] of Object.entries({ a: data, b: new Blob([data]), c: pieces(data, 30) })) {
      const file = await client.upload({ bucketId, fileName, data: given });
      expect(file).toMatchObject({ action: 'upload', contentLength: length, contentSha1: sha1(data) });
    }
    expect(partsSent(server)).toBe(0);
  });

  it.each([101, 200, 1000, 1001])('of %i bytes is a large file', async (length) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const data = pattern(length);
    const client = server.client();
    const kinds = { a: data, b: new Blob([data]), c: pieces(data, 30), d: new Blob([data]).stream() };
    for (const [fileName, given] of Object.entries(kinds)) {
      const file = await client.upload({ bucketId, fileName, data: given });
      expect(file).toMatchObject({ action: 'upload', contentLength: length });
      expect(file.fileInfo).toEqual(fileName < 'c' ? { large_file_sha1: sha1(data) } : {});
      expect(await stored(server, fileName)).toEqual(data);
    }
    expect(partsSent(server)).toBe(4 * Math.ceil(length / 100));
    expect(await unfinished(server, bucketId)).toBe(0);
  });

  test.prop([fc.nat(300), fc.integer({ min: 10, max: 90 }), fc.integer({ min: 1, max: 70 })], { numRuns: 15 })(
    'stores what it is given, however it is cut',
    async (length, partSize, pieceSize) => {
      const server = await memoryServer();
      const bucketId = await server.bucket();
      const data = pattern(length);
      await server.client().upload({ bucketId, fileName: 'a', data: pieces(data, pieceSize), partSize });
      expect(await stored(server, 'a')).toEqual(data);
    },
  );

  it('sends no more parts at a time than it may, and reads a stream no further ahead', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    let running = 0;
    let most = 0;
    let read = 0;
    let furthest = 0;
    let done = 0;
    async function* counted() {
      for await (const piece of pieces(pattern(2000), 100)) {
        furthest = Math.max(furthest, ++read - done);
        yield piece;
      }
    }
    server.intercept = async ({ operation }, goOn) => {
      if (operation !== 'b2_upload_part') return undefined;
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      const answer = await goOn();
      running--;
      done++;
      return answer;
    };
    await server.client().upload({ bucketId, fileName: 'a', data: counted(), parallel: 3 });
    expect(most).toBe(3);
    expect(furthest).toBeLessThanOrEqual(5);
  });

  it('tells how far it is', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    await server.client().upload({ bucketId, fileName: 'a', data: pattern(250), parallel: 1, onProgress });
    await server.client().upload({ bucketId, fileName: 'b', data: pieces(pattern(150), 150), parallel: 1, onProgress });
    await server.client().upload({ bucketId, fileName: 'c', data: pattern(5), onProgress });
    expect(told.map(({ bytes: done, total }) => [done, total])).toEqual([
      ...[
        [100, 250],
        [200, 250],
        [250, 250],
      ],
      ...[
        [100, undefined],
        [150, undefined],
      ],
      [5, 5],
    ]);
  });

  it('says of the file what it is told, in small and in large files', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket('my-bucket', { fileLockEnabled: true });
    const until = 1_700_000_000_000 + 86_400_000;
    const fields = {
      ...{ contentType: 'text/x-mine', fileInfo: { 'My-Key': 'ü' }, encryption: sseB2(), wholeSha1: false },
      ...{ legalHold: 'on' as const, fileRetention: { mode: 'governance' as const, retainUntilTimestamp: until } },
    };
    for (const length of [10, 110]) {
      const file = await server.client().upload({ bucketId, fileName: 'a', data: pattern(length), ...fields });
      expect(file).toMatchObject({
        ...{ contentType: 'text/x-mine', fileInfo: { 'my-key': 'ü' } },
        ...{ serverSideEncryption: { mode: 'SSE-B2' }, legalHold: { value: 'on' } },
        fileRetention: { value: { mode: 'governance', retainUntilTimestamp: until } },
      });
    }
  });

  it.each([10, 110])('ends with an error if the server does not encrypt as asked: %i bytes', async (length) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    withoutEncryption(server);
    for (const encryption of [sseB2(), sseC(new Uint8Array(32))]) {
      const error = await caught(
        server.client().upload({ bucketId, fileName: 'a', data: pattern(length), encryption }),
      );
      expect(error).toMatchObject({
        code: 'invalid_response',
        operation: length === 10 ? 'b2_upload_file' : 'b2_start_large_file',
        message: `Asked for ${encryption.mode}, the server answers no encryption`,
      });
    }
    expect(partsSent(server)).toBe(0);
    expect(await unfinished(server, bucketId)).toBe(0);
  });

  it('refuses part sizes that no server takes', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    for (const partSize of [9, 10.5, 2 ** 40]) {
      const error = await caught(server.client().upload({ bucketId, fileName: 'a', data: pattern(5), partSize }));
      expect(error).toMatchObject({ code: 'invalid_request', field: 'partSize' });
    }
    const idle = await caught(server.client().upload({ bucketId, fileName: 'a', data: pattern(5), parallel: 0 }));
    expect(idle).toMatchObject({ code: 'invalid_request', field: 'parallel' });
  });
});

describe('a large file whose upload fails', () => {
  it('is cancelled', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = ({ headers }) =>
      headers.get('x-bz-part-number') === '3' ? refusal(403, 'storage_cap_exceeded') : undefined;
    let ended = 0;
    const data = pieces(pattern(1000), 100, () => ended++);
    expect(await caught(server.client().upload({ bucketId, fileName: 'a', data }))).toMatchObject({
      ...{ code: 'storage_cap_exceeded', operation: 'b2_upload_part' },
    });
    expect(await unfinished(server, bucketId)).toBe(0);
    await vi.waitUntil(() => ended === 1);
  });

  it('is cancelled when it is aborted, and when its data breaks', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort(new Error('enough'));
    };
    const aborted = server
      .client()
      .upload({ bucketId, fileName: 'a', data: pattern(1000), onProgress, signal: stop.signal });
    await expect(aborted).rejects.toThrow('enough');
    async function* broken() {
      yield pattern(250);
      throw new Error('of the caller');
    }
    await expect(server.client().upload({ bucketId, fileName: 'a', data: broken() })).rejects.toThrow('of the caller');
    expect(await unfinished(server, bucketId)).toBe(0);
  });

  it.each(['upload', 'copy'])('is finished although the answer to that is lost: action %s', async (action) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    let lost = 0;
    server.intercept = async ({ operation }, goOn) => {
      if (operation === 'b2_get_file_info') {
        return Response.json({ ...((await (await goOn()).json()) as object), action });
      }
      if (operation !== 'b2_finish_large_file' || lost++ > 0) return undefined;
      await (await goOn()).arrayBuffer();
      throw new TypeError('terminated');
    };
    const file = await server.client().upload({ bucketId, fileName: 'a', data: pattern(250) });
    expect(file).toMatchObject({ action, contentLength: 250 });
    expect(await stored(server, 'a')).toEqual(pattern(250));
  });

  it('waits for no data that never comes', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    for (const length of [0, 150, 350]) {
      const stop = new AbortController();
      async function* stalled() {
        yield pattern(length);
        setImmediate(() => {
          stop.abort(new Error('enough'));
        });
        await new Promise(() => {});
      }
      const stuck = server.client().upload({ bucketId, fileName: 'a', data: stalled(), signal: stop.signal });
      await expect(stuck).rejects.toThrow('enough');
    }
    expect(await unfinished(server, bucketId)).toBe(0);
  });

  describe('and is to be resumed', () => {
    /** Breaks an upload at its fourth part. */
    async function interrupted(options: { data?: Uint8Array; encryption?: ReturnType<typeof sseC> } = {}) {
      const server = await memoryServer();
      const bucketId = await server.bucket();
      const fields = { bucketId, fileName: 'a', data: pattern(1000), resume: true, parallel: 1, ...options };
      server.intercept = ({ headers }) =>
        headers.get('x-bz-part-number') === '4' ? refusal(403, 'storage_cap_exceeded') : undefined;
      await caught(server.client().upload(fields));
      server.intercept = undefined;
      expect(await unfinished(server, bucketId)).toBe(1);
      server.seen.length = 0;
      return { server, bucketId, fields };
    }

    it('goes on with the parts that are missing', async () => {
      const { server, bucketId, fields } = await interrupted();
      const begun: BegunLargeFile[] = [];
      const file = await server.client().upload({ ...fields, onLargeFile: (large) => begun.push(large) });
      expect(begun).toEqual([{ fileId: file.fileId, begun: false, storedParts: 3 }]);
      expect(partsSent(server)).toBe(7);
      expect(await stored(server, 'a')).toEqual(fields.data);
      expect(await unfinished(server, bucketId)).toBe(0);
    });

    it('tells whether it has begun the file, also of one without parts', async () => {
      const server = await memoryServer();
      const bucketId = await server.bucket();
      const fields = { bucketId, fileName: 'a', data: pattern(300), resume: true };
      const begun: BegunLargeFile[] = [];
      const onLargeFile = (large: BegunLargeFile) => begun.push(large);
      server.intercept = ({ headers }) =>
        headers.has('x-bz-part-number') ? refusal(403, 'storage_cap_exceeded') : undefined;
      await caught(server.client().upload({ ...fields, onLargeFile }));
      server.intercept = undefined;
      const { fileId } = await server.client().upload({ ...fields, onLargeFile });
      expect(begun).toEqual([
        { fileId, begun: true, storedParts: 0 },
        { fileId, begun: false, storedParts: 0 },
      ]);
    });

    it('cuts the data as it was cut', async () => {
      const { server, fields } = await interrupted();
      await server.client().upload({ ...fields, partSize: 200 });
      expect(partsSent(server)).toBe(7);
      expect(await stored(server, 'a')).toEqual(fields.data);
    });

    it('begins anew with other data, other info, or another type', async () => {
      const { server, bucketId, fields } = await interrupted();
      const other = fields.data.map((byte) => byte + 1);
      await server.client().upload({ ...fields, data: other });
      await server.client().upload({ ...fields, fileInfo: { a: 'b' } });
      await server.client().upload({ ...fields, contentType: 'text/plain' });
      expect(partsSent(server)).toBe(30);
      expect(await unfinished(server, bucketId)).toBe(1);
    });

    it('begins anew where other locks are asked for, or a time that no listing tells', async () => {
      const server = await memoryServer();
      const bucketId = await server.bucket('my-bucket', { fileLockEnabled: true });
      const until = server.clock.now() + 86_400_000;
      const locks = {
        legalHold: 'on' as const,
        fileRetention: { mode: 'governance' as const, retainUntilTimestamp: until },
      };
      const fields = { bucketId, fileName: 'a', data: pattern(300), resume: true };
      const cases = [
        [{}, { legalHold: 'on' as const }, 3],
        [{}, { fileRetention: locks.fileRetention }, 3],
        [locks, { ...locks, fileRetention: { ...locks.fileRetention, retainUntilTimestamp: until + 1 } }, 3],
        [{ legalHold: 'on' as const }, {}, 3],
        [{}, { customUploadTimestamp: 1_600_000_000_000 }, 3],
        [locks, locks, 2],
      ] as const;
      for (const [begun, asked, sent] of cases) {
        const { fileId } = await begin(server, bucketId, begun);
        server.seen.length = 0;
        // Not every server takes a time.
        const done = await server
          .client()
          .upload({ ...fields, ...asked, wholeSha1: false })
          .catch(() => undefined);
        if (done !== undefined) expect(done.fileId === fileId).toBe(sent === 2);
        if (done !== undefined) expect(partsSent(server)).toBe(sent);
        expect(server.operations().includes('b2_start_large_file')).toBe(sent === 3);
        await server
          .client()
          .api.cancelLargeFile({ fileId })
          .catch(() => undefined);
      }
    });

    /** A large file with the first of three parts. */
    async function begin(server: MemoryServer, bucketId: BucketId, more: object): Promise<{ fileId: FileId }> {
      const { api } = server.client();
      const { fileId } = await api.startLargeFile({ bucketId, fileName: 'a', contentType: 'b2/x-auto', ...more });
      await api.uploadPart({ fileId, partNumber: 1, body: pattern(300).subarray(0, 100) });
      return { fileId };
    }

    it('sends parts again whose data has changed, where nothing says the SHA-1 of the whole', async () => {
      const server = await memoryServer();
      const bucketId = await server.bucket();
      const { api, upload } = server.client();
      const { fileId } = await api.startLargeFile({ bucketId, fileName: 'a', contentType: 'b2/x-auto' });
      const data = pattern(300);
      await api.uploadPart({ fileId, partNumber: 1, body: data.subarray(0, 100) });
      await api.uploadPart({ fileId, partNumber: 2, body: new Uint8Array(100) });
      server.seen.length = 0;
      const file = await upload({ bucketId, fileName: 'a', data, resume: true, wholeSha1: false });
      expect(file.fileId).toBe(fileId);
      expect(partsSent(server)).toBe(2);
      expect(await stored(server, 'a')).toEqual(data);
    });

    it('does not go on with a file that has more parts than the data', async () => {
      const server = await memoryServer();
      const bucketId = await server.bucket();
      const { api, upload } = server.client();
      const { fileId } = await api.startLargeFile({ bucketId, fileName: 'a', contentType: 'b2/x-auto' });
      await api.uploadPart({ fileId, partNumber: 9, body: pattern(100) });
      const file = await upload({ bucketId, fileName: 'a', data: pattern(300), resume: true, wholeSha1: false });
      expect(file.fileId).not.toBe(fileId);
    });

    it('goes on with a customer key that has an id', async () => {
      const encryption = sseC(new Uint8Array(32).fill(7), { id: 'seven' });
      const { server, fields } = await interrupted({ encryption });
      await server.client().upload(fields);
      expect(partsSent(server)).toBe(7);
    });

    it('begins anew with a customer key without one', async () => {
      const { server, fields } = await interrupted({ encryption: sseC(new Uint8Array(32).fill(7)) });
      await server.client().upload(fields);
      expect(partsSent(server)).toBe(10);
    });
  });
});

it('an upload of text', async () => {
  const server = await memoryServer();
  const bucketId = await server.bucket();
  const file = await server.client().upload({ bucketId, fileName: 'ordner/größe.txt', data: bytes('Hallo') });
  expect(file).toMatchObject({ fileName: 'ordner/größe.txt', contentType: 'text/plain' });
});
