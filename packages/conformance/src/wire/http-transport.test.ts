import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import type { WireAnswer } from './transport.ts';

async function exchange(
  answer: (response: ServerResponse) => void,
  options: HttpTransportOptions,
): Promise<WireAnswer> {
  const server = createServer((_, response) => {
    response.on('error', () => undefined);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpTransport(options);
  onTestFinished(() => {
    http.close();
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return http.send({ method: 'GET', origin, target: '/', headers: [['host', 'localhost']], body: new Uint8Array() });
}

/** Sends a byte again and again, so that no limit of idle time ends it. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 10);
  response.once('close', () => {
    clearInterval(timer);
  });
}

it.each<[string, (response: ServerResponse) => void]>([
  ['drips on', drip],
  ['does not begin', () => undefined],
])('gives up a request whose answer %s', async (_, answer) => {
  await expect(exchange(answer, { wholeMs: 300 })).rejects.toMatchObject({
    code: 'connection',
    message: expect.stringContaining('the answer was not complete after 300 ms') as unknown,
  });
});

it('gives up an answer that is longer than any content', async () => {
  const piece = new Uint8Array(1024 * 1024);
  const pour = (response: ServerResponse): void => {
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  };
  await expect(exchange(pour, {})).rejects.toThrow('the answer is longer than any content sent');
});

it('collects an answer that ends in time', async () => {
  const { status, body } = await exchange((response) => response.writeHead(201).end('abc'), { wholeMs: 20_000 });
  expect([status, Buffer.from(body).toString()]).toEqual([201, 'abc']);
});
