import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import assert from 'node:assert/strict';

/**
 * What happens to a request on its way:
 *
 * - `refuse`: the connection breaks before anything is read;
 * - `cut request`: it breaks while the request is read, so the server never gets all of it;
 * - `lose answer`: the server does what is asked, and nothing comes back;
 * - `cut answer`: the connection breaks in the middle of the answer;
 * - `delay`: the answer is held back until the client has gone away;
 * - `duplicate`: the server gets the request twice, and the second answer comes back.
 */
export type ProxyFault = 'refuse' | 'cut request' | 'lose answer' | 'cut answer' | 'delay' | 'duplicate';

export const proxyFaults: readonly ProxyFault[] = [
  ...(['refuse', 'cut request', 'lose answer', 'cut answer', 'delay', 'duplicate'] as const),
];

/** A proxy between a client and a server on this machine. */
export interface FlakyProxy {
  readonly url: string;
  /** Says what happens to each request; nothing by default. */
  faultOf: (request: IncomingMessage) => ProxyFault | undefined;
  /** Called when an answer is held back. */
  onDelay: () => void;
  close(): void;
}

/** Starts a proxy to a server that listens on a port of this machine. */
export async function flakyProxy(port: number): Promise<FlakyProxy> {
  const server = createServer();
  const url = await listen(server);
  const proxy: FlakyProxy = {
    url,
    faultOf: () => undefined,
    onDelay: () => {},
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(proxy, port, request, response).catch(() => request.socket.destroy());
  });
  return proxy;
}

/** Begins to listen on a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

async function handle(
  proxy: FlakyProxy,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = proxy.faultOf(request);
  const { socket } = request;
  if (fault === 'refuse') return void socket.destroy();
  // A request without a body has ended with its head, of which the server then gets nothing.
  if (fault === 'cut request')
    return void request.once('data', () => socket.destroy()).once('end', () => socket.destroy());
  const body: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) body.push(piece);
  if (fault === 'duplicate') await send(port, request, Buffer.concat(body));
  const answer = await send(port, request, Buffer.concat(body));
  if (fault === 'lose answer') return void socket.destroy();
  if (fault === 'delay') {
    const gone = once(socket, 'close');
    proxy.onDelay();
    await gone;
    return;
  }
  response.writeHead(answer.status, answer.headers);
  if (fault !== 'cut answer') return void response.end(answer.body);
  response.write(answer.body.subarray(0, answer.body.length / 2), () => socket.destroy());
}

interface Answer {
  readonly status: number;
  readonly headers: string[];
  readonly body: Buffer;
}

async function send(port: number, { method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<Answer> {
  const outgoing = forward({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders, agent: false });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece);
  return { status: incoming.statusCode ?? 0, headers: incoming.rawHeaders, body: Buffer.concat(pieces) };
}
