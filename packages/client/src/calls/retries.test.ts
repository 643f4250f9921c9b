import { describe, expect, it } from 'vitest';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, refusal, type Interception, type SeenRequest } from '../../test/memory-server.ts';

/** Lets `fails` answer the first requests for the operation, one each. */
function first(operation: string, ...fails: Interception[]): Interception {
  const left = [...fails];
  return (request, goOn) => (request.operation === operation ? left.shift()?.(request, goOn) : undefined);
}

const broken: Interception = () => Promise.reject(new TypeError('fetch failed'));
/** The server does it, and the answer is lost. */
const lost: Interception = async (_, goOn) => {
  await (await goOn()).arrayBuffer();
  throw new TypeError('terminated');
};
const refused =
  (status: number, code: string, headers?: Record<string, string>): Interception =>
  () =>
    refusal(status, code, headers);
const uploads = (seen: readonly SeenRequest[]) => seen.filter(({ operation }) => operation.startsWith('b2_upload'));

describe('a call', () => {
  it.each([
    ['no connection', broken, [1000]],
    ['408', refused(408, 'request_timeout'), [1000]],
    ['429 with Retry-After', refused(429, 'too_many_requests', { 'Retry-After': '3' }), [3500]],
    ['500', refused(500, 'internal_error'), [1000]],
    ['502 of a proxy', () => new Response('<html>', { status: 502 }), [1000]],
    ['503', refused(503, 'service_unavailable'), [1000]],
  ] satisfies [string, Interception, number[]][])('is repeated after %s', async (_, fails, sleeps) => {
    const server = await memoryServer();
    server.intercept = first('b2_list_buckets', fails);
    expect((await server.client().api.listBuckets()).buckets).toEqual([]);
    expect(server.operations()).toEqual(['b2_list_buckets', 'b2_list_buckets']);
    expect(server.timing.sleeps).toEqual(sleeps);
  });

  it('is not repeated after a refusal that would come again', async () => {
    const server = await memoryServer();
    server.intercept = first('b2_list_buckets', refused(403, 'transaction_cap_exceeded'));
    expect(await caught(server.client().api.listBuckets())).toMatchObject({ code: 'transaction_cap_exceeded' });
    expect(server.operations()).toEqual(['b2_list_buckets']);
  });

  it('is given up after five attempts by default', async () => {
    const server = await memoryServer();
    server.intercept = () => refusal(503, 'service_unavailable');
    const error = await caught(server.client().api.listBuckets());
    expect(error).toMatchObject({ code: 'service_unavailable', attempts: 5, operation: 'b2_authorize_account' });
    expect(server.timing.sleeps).toEqual([1000, 2000, 4000, 8000]);
  });

  it('whose answer is lost may be refused the second time, and says so', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api } = server.client();
    const { fileId, fileName } = await api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') });
    server.intercept = first('b2_delete_file_version', lost);
    const error = await caught(api.deleteFileVersion({ fileId, fileName }));
    expect(error).toMatchObject({ code: 'file_not_present', attempts: 2, mayHaveBeenDone: true });
  });

  it('is repeated when its answer breaks off', async () => {
    const server = await memoryServer();
    server.intercept = first('b2_list_buckets', () => {
      const cut = new ReadableStream({
        pull(controller) {
          controller.error(new TypeError('terminated'));
        },
      });
      return new Response(cut);
    });
    expect((await server.client().api.listBuckets()).buckets).toEqual([]);
  });

  it('ends with a time limit', async () => {
    const server = await memoryServer();
    server.intercept = first('b2_list_buckets', () => {
      server.timing.endTimers();
      return new Promise<never>(() => {});
    });
    const { api } = server.client({ timeoutMs: 5000, retry: { attempts: 1 } });
    expect(await caught(api.listBuckets())).toMatchObject({ code: 'timed_out', mayHaveBeenDone: true });
    expect((await api.listBuckets()).buckets).toEqual([]);
    expect(server.timing.running).toBe(0);
  });

  it('ends at once when it is aborted', async () => {
    const server = await memoryServer();
    const stop = new AbortController();
    server.intercept = first('b2_list_buckets', () => {
      stop.abort(new Error('enough'));
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    await expect(server.client().api.listBuckets({}, { signal: stop.signal })).rejects.toThrow('enough');
    expect(server.operations()).toEqual(['b2_list_buckets']);
  });
});

describe('an upload', () => {
  it.each([
    ['no connection', broken],
    ['a lost answer', lost],
    ['408', refused(408, 'request_timeout')],
    ['503', refused(503, 'service_unavailable')],
    ['500', refused(500, 'internal_error')],
    ['an expired token', refused(401, 'expired_auth_token')],
    ['an invalid token', refused(401, 'bad_auth_token')],
    ['a token in use', refused(400, 'auth_token_limit')],
  ] satisfies [string, Interception][])('goes to another URL, at once, after %s', async (_, fails) => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = first('b2_upload_file', fails);
    const file = await server.client().api.uploadFile({ bucketId, fileName: 'a', body: bytes('Hello') });
    expect(file.contentLength).toBe(5);
    const tokens = uploads(server.seen).map(({ headers }) => headers.get('authorization'));
    expect(new Set(tokens).size).toBe(2);
    expect(server.timing.sleeps).toEqual([]);
    // No new authorization: the token of an upload URL is not the account's.
    expect(server.operations()).toEqual(['b2_get_upload_url', 'b2_upload_file', 'b2_get_upload_url', 'b2_upload_file']);
  });

  it('waits where the server has too much to do', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = first('b2_upload_file', refused(429, 'too_many_requests'));
    await server.client().api.uploadFile({ bucketId, fileName: 'a', body: bytes('Hello') });
    expect(server.timing.sleeps).toEqual([1000]);
  });

  it('waits before its second repetition, and for what the server asks', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const busy = refused(503, 'service_unavailable');
    server.intercept = first('b2_upload_file', busy, busy, refused(429, 'too_many_requests', { 'Retry-After': '9' }));
    await server.client().api.uploadFile({ bucketId, fileName: 'a', body: bytes('Hello') });
    expect(server.timing.sleeps).toEqual([2000, 11_000]);
  });

  it('is not repeated after a refusal that would come again, and the URL is used again', async () => {
    const server = await memoryServer({ testMode: {} });
    const bucketId = await server.bucket();
    const { api } = server.client();
    const capped = server.client({ testMode: 'force_cap_exceeded' });
    expect(await caught(capped.api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') }))).toMatchObject({
      ...{ code: 'cap_exceeded', status: 403, attempts: 1 },
    });
    server.seen.length = 0;
    await caught(api.uploadFile({ bucketId, fileName: '', body: bytes('x') }));
    await api.uploadFile({ bucketId, fileName: 'b', body: bytes('x') });
    expect(server.operations()).toEqual(['b2_get_upload_url', 'b2_upload_file', 'b2_upload_file']);
  });

  it('gets through test mode, in which a quarter of the uploads fails', async () => {
    const server = await memoryServer({ testMode: {} });
    const bucketId = await server.bucket();
    const { api } = server.client({ testMode: 'fail_some_uploads' });
    const names = Array.from({ length: 40 }, (_, index) => `file-${String(index).padStart(2, '0')}`);
    for (const fileName of names) await api.uploadFile({ bucketId, fileName, body: bytes(fileName) });
    const { files } = await api.listFileNames({ bucketId });
    expect(files.map(({ fileName }) => fileName)).toEqual(names);
    expect(uploads(server.seen).length).toBeGreaterThan(45);
  });

  it('does not repeat the repetitions of asking for a URL', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = ({ operation }) =>
      operation === 'b2_get_upload_url' ? refusal(500, 'internal_error') : undefined;
    await caught(server.client().api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') }));
    expect(server.operations()).toHaveLength(5);
  });

  it('drops the URL when it is aborted, since the server may still be reading', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api } = server.client();
    const stop = new AbortController();
    server.intercept = first('b2_upload_file', () => {
      stop.abort(new Error('enough'));
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    const upload = api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') }, { signal: stop.signal });
    await expect(upload).rejects.toThrow('enough');
    await api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') });
    expect(server.operations().filter((name) => name === 'b2_get_upload_url')).toHaveLength(2);
  });

  it('is an error if the server has stored something else', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = first('b2_upload_file', async (_, goOn) => {
      const stored = (await (await goOn()).json()) as object;
      return Response.json({ ...stored, contentSha1: '0'.repeat(40) });
    });
    const upload = server.client().api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') });
    expect((await caught(upload)).code).toBe('checksum_mismatch');
  });
});

describe('upload URLs', () => {
  it('are used again, each by one upload at a time', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api } = server.client();
    const upload = (fileName: string) => api.uploadFile({ bucketId, fileName, body: new Blob(['x']) });
    await Promise.all(['a', 'b', 'c'].map(upload));
    expect(server.operations().filter((name) => name === 'b2_get_upload_url')).toHaveLength(3);
    server.seen.length = 0;
    await Promise.all(['d', 'e', 'f'].map(upload));
    expect(server.operations()).toEqual(['b2_upload_file', 'b2_upload_file', 'b2_upload_file']);
  });

  it('are not used after a day', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api } = server.client();
    await api.uploadFile({ bucketId, fileName: 'a', body: bytes('x') });
    await server.timing.sleep(24 * 60 * 60 * 1000);
    server.seen.length = 0;
    await api.uploadFile({ bucketId, fileName: 'b', body: bytes('x') });
    expect(server.operations().at(0)).toBe('b2_get_upload_url');
    expect(uploads(server.seen)).toHaveLength(1);
  });

  it('of a large file are used for its parts', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api } = server.client();
    const { fileId } = await api.startLargeFile({ bucketId, fileName: 'large', contentType: 'text/plain' });
    const partSha1Array: string[] = [];
    for (const partNumber of [1, 2]) {
      const part = await api.uploadPart({ fileId, partNumber, body: bytes('0123456789') });
      partSha1Array.push(part.contentSha1);
    }
    const file = await api.finishLargeFile({ fileId, partSha1Array });
    expect(file.contentLength).toBe(20);
    expect(server.operations().filter((name) => name === 'b2_get_upload_part_url')).toHaveLength(1);
  });
});
