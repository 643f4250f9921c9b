import { describe, expect, it, vi } from 'vitest';
import { sseC } from '../encryption/file-encryption.ts';
import { caught } from '../../test/caught.ts';
import { memoryServer, type MemoryServer } from '../../test/memory-server.ts';

const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) % 251);

async function withFile(length = 250, options: object = {}) {
  const server = await memoryServer();
  const bucketId = await server.bucket();
  const client = server.client();
  const { fileId } = await client.upload({ bucketId, fileName: 'a/b', data: pattern(length), ...options });
  server.seen.length = 0;
  return { server, client, fileId, name: { bucketName: 'my-bucket', fileName: 'a/b' } };
}

const rangesOf = ({ seen }: MemoryServer) => seen.map(({ headers }) => headers.get('range'));

/** Answers with one piece, and then with nothing until the request is aborted or the body cancelled. */
function stalling(server: MemoryServer, begun: Set<object>, ended: Set<object>): MemoryServer['fetch'] {
  return async (url, init) => {
    const answer = await server.fetch(url, init);
    if (!answer.headers.has('content-range') && !answer.headers.has('x-bz-file-id')) return answer;
    const first = new Uint8Array(await answer.arrayBuffer()).subarray(0, answer.status === 206 ? 10 : 100);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(first);
        init.signal?.addEventListener('abort', () => {
          ended.add(answer);
          controller.error(init.signal?.reason);
        });
      },
      cancel: () => {
        ended.add(answer);
      },
    });
    begun.add(answer);
    return new Response(body, answer);
  };
}

describe('a download in parallel ranges', () => {
  it.each([0, 1, 49, 50, 51, 100, 101, 250])('gives %i bytes, verified, by id and by name', async (length) => {
    const { server, client, fileId, name } = await withFile(length);
    for (const source of [{ fileId }, name]) {
      const told: number[] = [];
      const onProgress = ({ bytes }: { readonly bytes: number }) => told.push(bytes);
      const download = await client.download({ ...source, parallel: 3, rangeSize: 50, onProgress });
      expect(download).toMatchObject({ length, verified: 'sha1', range: undefined });
      expect(await download.bytes()).toEqual(pattern(length));
      expect(told.at(-1) ?? 0).toBe(length);
    }
    expect(server.seen).toHaveLength(2 * Math.max(1, Math.ceil(length / 50)));
  });

  it('asks for the rest in ranges, also of a range', async () => {
    const { server, client, fileId } = await withFile();
    const options = { fileId, parallel: 2, rangeSize: 100 };
    await (await client.download(options)).bytes();
    expect(rangesOf(server)).toEqual([null, 'bytes=100-199', 'bytes=200-249']);
    server.seen.length = 0;
    const part = await client.download({ ...options, range: { first: 17, last: 237 } });
    expect(part).toMatchObject({ length: 221, verified: 'length', range: { first: 17, last: 237, fileLength: 250 } });
    expect(await part.bytes()).toEqual(pattern(250).subarray(17, 238));
    expect(rangesOf(server)).toEqual(['bytes=17-237', 'bytes=117-216', 'bytes=217-237']);
  });

  it('fetches no more at once than it may, and nothing that nobody reads', async () => {
    const { server, client, fileId } = await withFile(1000);
    let [open, most] = [0, 0];
    server.intercept = async (_, goOn) => {
      most = Math.max(most, ++open);
      const answer = await goOn();
      await new Promise(setImmediate);
      open--;
      return answer;
    };
    const { stream } = await client.download({ fileId, parallel: 3, rangeSize: 50 });
    expect(server.seen).toHaveLength(1);
    const reader = stream.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.seen.length).toBeLessThanOrEqual(6);
    expect(most).toBeLessThanOrEqual(3);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.seen.length).toBeLessThanOrEqual(6);
  });

  it('sends the customer key with each range', async () => {
    const encryption = sseC(new Uint8Array(32).fill(7), { id: 'seven' });
    const { server, client, fileId } = await withFile(250, { encryption });
    const download = await client.download({ fileId, encryption, parallel: 4, rangeSize: 60 });
    expect(await download.bytes()).toEqual(pattern(250));
    const keys = server.seen.map(({ headers }) => headers.get('x-bz-server-side-encryption-customer-key'));
    expect(keys).toHaveLength(5);
    expect(new Set(keys).size).toBe(1);
    expect(keys).not.toContain(null);
  });

  it('goes on where a range breaks off', async () => {
    const { server, client, fileId } = await withFile();
    let isBroken = false;
    server.intercept = async ({ headers }, goOn) => {
      if (isBroken || headers.get('range') !== 'bytes=100-199') return undefined;
      isBroken = true;
      const answer = await goOn();
      return new Response((await answer.arrayBuffer()).slice(0, 33), answer);
    };
    const download = await client.download({ fileId, parallel: 2, rangeSize: 100 });
    expect(await download.bytes()).toEqual(pattern(250));
    expect(rangesOf(server)).toContain('bytes=133-199');
  });

  it('ends with an error if a range is another than was asked for', async () => {
    const { server, client, fileId } = await withFile(250, { wholeSha1: false });
    server.intercept = async ({ headers }, goOn) => {
      const answer = await goOn();
      if (headers.get('range') !== 'bytes=100-199') return answer;
      return new Response(pattern(50), {
        status: 206,
        headers: {
          ...Object.fromEntries(answer.headers),
          'content-range': 'bytes 100-149/250',
          'content-length': '50',
        },
      });
    };
    const download = await client.download({ fileId, parallel: 2, rangeSize: 100 });
    await expect(download.bytes()).rejects.toThrow();
  });

  it('ends what it fetches when it is aborted or left', async () => {
    const { server, fileId } = await withFile();
    const [begun, ended] = [new Set<object>(), new Set<object>()];
    const client = server.client({ fetch: stalling(server, begun, ended) });
    const answered = (count: number) =>
      vi.waitFor(() => {
        expect(begun.size).toBe(count);
      });
    const options = { fileId, parallel: 3, rangeSize: 100 };
    const stop = new AbortController();
    const download = await client.download({ ...options, signal: stop.signal });
    const stopping = answered(3).then(() => {
      stop.abort(new Error('enough'));
    });
    await expect(download.bytes()).rejects.toThrow('enough');
    await stopping;
    await vi.waitFor(() => {
      expect(ended.size).toBe(3);
    });
    const reader = (await client.download(options)).stream.getReader();
    await reader.read();
    await answered(6);
    await reader.cancel();
    await vi.waitFor(() => {
      expect(ended.size).toBe(6);
    });
  });

  it('ends what it fetches when a range is refused', async () => {
    const { server, fileId } = await withFile();
    const isAborted = new Map<string, () => boolean>();
    const client = server.client({
      fetch: (url, init) => {
        const range = new Headers(init.headers).get('range');
        if (range !== null) isAborted.set(range, () => init.signal?.aborted === true);
        return server.fetch(url, init);
      },
    });
    server.intercept = ({ headers }) =>
      headers.get('range') === 'bytes=100-199'
        ? Response.json({ status: 403, code: 'access_denied', message: 'no' }, { status: 403 })
        : undefined;
    const download = await client.download({ fileId, parallel: 3, rangeSize: 100 });
    expect(await caught(download.bytes())).toMatchObject({ code: 'access_denied' });
    expect(isAborted.get('bytes=200-249')?.()).toBe(true);
  });

  it.each([
    ['parallel', { parallel: 0 }],
    ['rangeSize', { rangeSize: 1.5 }],
  ])('refuses a wrong %s', async (field, options) => {
    const { server, client, fileId } = await withFile();
    const error = await caught(client.download({ fileId, ...options }));
    expect(error).toMatchObject({ code: 'invalid_request', field });
    expect(server.seen).toHaveLength(0);
  });
});
