import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import type { RawForm, WireAnswer } from './transport.ts';

/** A server that gives each connection to `talk`, and its address. */
async function listening(talk: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @param rawMs is long, unless a test waits for its end: an answer may come late where many tests run at once */
async function exchange(
  origin: string,
  form: Partial<RawForm> = {},
  method = 'GET',
  rawMs = 20_000,
): Promise<WireAnswer> {
  const http = createHttpTransport({ rawMs });
  onTestFinished(http.close);
  const raw = { head: 'one\r\n\r\n', body: new Uint8Array(), closes: false, ...form };
  const headers = [['authorization', 'hidden']] as const;
  return http.send({ method, origin, target: '/hidden', headers, body: new Uint8Array(), raw });
}

const answering = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text, 'latin1'));
const textOf = ({ body }: WireAnswer): string => Buffer.from(body).toString();

it('sends every byte as it is, and nothing else', async () => {
  const received: Buffer[] = [];
  const origin = await listening((socket) => {
    socket.on('data', (piece) => received.push(piece));
    socket.once('end', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  const head = 'GET  / HTTP/9\nhost : a\u0000\u0001\u00ff\nContent-Length: 1\nContent-Length: 2\n\n';
  const answer = await exchange(origin, { head, body: Buffer.from('xyz'), closes: true });
  expect(answer.status).toBe(204);
  expect(Buffer.concat(received).toString('latin1')).toBe(`${head}xyz`);
});

describe('reads an answer', () => {
  it.each([
    ['of a told length', 'Content-Length: 3\r\n\r\nabc'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n'],
    ['that ends with the connection', '\r\nabc'],
  ])('%s', async (_, rest) => {
    const origin = await listening(answering(`HTTP/1.1 400 Bad Request\r\nX-Code: 7\r\n${rest}`));
    const answer = await exchange(origin);
    expect([answer.status, answer.headers.get('x-code'), textOf(answer)]).toEqual([400, '7', 'abc']);
  });

  it('behind one that only says to go on', async () => {
    const text = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n';
    expect((await exchange(await listening(answering(text)))).status).toBe(403);
  });

  it('without a body, to HEAD', async () => {
    const origin = await listening((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\n')),
    );
    expect((await exchange(origin, {}, 'HEAD')).status).toBe(400);
  });

  it('that comes before all was sent', async () => {
    const origin = await listening((socket) => {
      socket.end('HTTP/1.1 431 Too Large\r\nContent-Length: 0\r\n\r\n');
      socket.resume();
    });
    expect((await exchange(origin, { body: new Uint8Array(4_000_000) })).status).toBe(431);
  });
});

it.each([
  ['ended', (socket: Socket) => socket.once('data', () => socket.end())],
  ['reset', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
])('tells that the connection was %s without an answer', async (_, talk) => {
  expect((await exchange(await listening(talk))).status).toBe(0);
});

describe('fails, and names neither path nor headers, if', () => {
  it.each<[string, (socket: Socket) => unknown, string]>([
    ['nothing comes', () => undefined, 'neither an answer nor an end came in 300 ms'],
    ['an answer never ends', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'), '300 ms'],
    ['an answer breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'), 'aborted'],
    ['it is no answer of HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'Parse Error'],
  ])('%s', async (_, talk, said) => {
    const limit = said.includes('300 ms') ? 300 : undefined;
    const problem: unknown = await exchange(await listening(talk), {}, 'GET', limit).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'connection', message: expect.stringContaining(said) as unknown });
    expect(String(problem)).not.toContain('hidden');
  });

  it('nobody listens', async () => {
    await expect(exchange('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'connection' });
  });
});

describe('over TLS', () => {
  it('trusts the certificates that are named, and no others', async () => {
    const altNames = [
      { type: 2 as const, value: 'localhost' },
      { type: 7 as const, ip: '127.0.0.1' },
    ];
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    const server = createSecureServer({ key: made.private, cert: made.cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (piece: Buffer) =>
        socket.end(`HTTP/1.1 400 Bad Request\r\nX-Received: ${piece.length}\r\n\r\n`),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const raw = { head: 'one\r\n\r\n', body: new Uint8Array(), closes: false };
    const send = (host: string, options: HttpTransportOptions) => {
      const http = createHttpTransport(options);
      onTestFinished(http.close);
      const origin = `https://${host}:${port}`;
      return http.send({ method: 'GET', origin, target: '/', headers: [], body: new Uint8Array(), raw });
    };
    for (const host of ['127.0.0.1', 'localhost']) {
      const answer = await send(host, { ca: made.cert });
      expect([answer.status, answer.headers.get('x-received')]).toEqual([400, '7']);
    }
    await expect(send('127.0.0.1', {})).rejects.toMatchObject({ code: 'connection' });
  });
});
