import { describe, expect, it } from 'vitest';
import { collect, streamOf, type ByteStream } from '@coffer/bytes';
import { fromFetchRequest, headOf, toFetchHandler, type HttpHandler } from './index.ts';
import { responseBytes, testRequest } from './testing.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const echo: HttpHandler = async ({ body }) => ({ status: 200, headers: [], body: await collect(body, 100) });

describe('toFetchHandler', () => {
  it("answers with the handler's status, headers and bytes", async () => {
    const fetchHandler = toFetchHandler(async (request) => ({
      status: 201,
      headers: [
        ['X-A', '1'],
        ['X-A', '2'],
      ],
      body: bytes(request.target),
    }));
    const response = await fetchHandler(new Request('http://h/a%20b?x=1#f'));
    expect(response.status).toBe(201);
    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(response.headers.get('content-length')).toBe('10');
    expect(await response.text()).toBe('/a%20b?x=1');
  });

  it('hands over the body in both directions', async () => {
    const request = new Request('http://h/', { method: 'POST', body: 'hello' });
    expect(await (await toFetchHandler(echo)(request)).text()).toBe('hello');
    expect(await (await toFetchHandler(echo)(new Request('http://h/'))).text()).toBe('');
  });

  it('breaks off a stream of another length than declared', async () => {
    for (const length of [4, 6]) {
      const stream = streamOf(bytes('hello'));
      const response = await toFetchHandler(async () => ({ status: 200, headers: [], body: { stream, length } }))(
        new Request('http://h/'),
      );
      await expect(response.arrayBuffer()).rejects.toThrow();
    }
  });

  it('ends the stream when the answer is cancelled or not sent', async () => {
    let ended = 0;
    const stream = (): ByteStream => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: bytes('hello') }),
        return: () => {
          ended++;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    });
    const handler: HttpHandler = async () => ({ status: 200, headers: [], body: { stream: stream(), length: 99 } });
    await (await toFetchHandler(handler)(new Request('http://h/'))).body?.cancel();
    const head = await toFetchHandler(handler)(new Request('http://h/', { method: 'HEAD' }));
    expect(head.body).toBeNull();
    expect(head.headers.get('content-length')).toBe('99');
    expect(ended).toBe(2);
  });

  it.each([204, 304])('sends nothing with status %i', async (status) => {
    const response = await toFetchHandler(async () => ({ status, headers: [], body: bytes('x') }))(
      new Request('http://h/'),
    );
    expect([response.status, response.body]).toEqual([status, null]);
  });
});

describe('fromFetchRequest', () => {
  const post = (length: string) =>
    fromFetchRequest(
      new Request('http://h/', { method: 'POST', body: 'hello', headers: { 'Content-Length': length } }),
    );

  it('holds the body to its declared length', async () => {
    expect(post('5').contentLength).toBe(5);
    expect(await collect(post('5').body, 10)).toEqual(bytes('hello'));
    await expect(collect(post('6').body, 10)).rejects.toMatchObject({ code: 'too_short' });
    await expect(collect(post('4').body, 10)).rejects.toMatchObject({ code: 'too_long' });
  });

  it('tells of a body that breaks off', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('gone'));
      },
    });
    const request = fromFetchRequest(new Request('http://h/', { method: 'POST', body, duplex: 'half' }));
    await expect(collect(request.body, 10)).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('headOf', () => {
  it('declares what it does not send', async () => {
    const head = headOf({ status: 200, headers: [['content-length', '1']], body: bytes('hello') });
    expect(head).toEqual({ status: 200, headers: [['Content-Length', '5']] });
    expect(headOf({ status: 404, headers: [] }).headers).toEqual([['Content-Length', '0']]);
  });
});

describe('testRequest', () => {
  it('is a plain GET unless told otherwise', async () => {
    expect(testRequest()).toMatchObject({ method: 'GET', target: '/', contentLength: undefined });
    expect((await echo(testRequest())).body).toEqual(new Uint8Array());
  });

  it('takes text, bytes and streams', async () => {
    for (const body of ['hello', bytes('hello'), streamOf(bytes('hel'), bytes('lo'))]) {
      expect(await responseBytes(await echo(testRequest({ body, headers: { 'X-A': 1 } })))).toEqual(bytes('hello'));
    }
    expect(testRequest({ body: 'é' }).contentLength).toBe(2);
    expect(testRequest({ body: 'é', contentLength: undefined }).contentLength).toBeUndefined();
    expect(testRequest({ headers: [['A', '1']] }).headers.get('a')).toBe('1');
  });
});
