import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { HttpHandler } from '../http-response.ts';
import { attach, type NodeHandlerOptions } from '../node.ts';
import { RawClient } from './raw-client.ts';

/** A listening server with the handler attached, and what it reported. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  readonly errors: unknown[];
  /** The server's ends of the connections, in order. */
  readonly sockets: Socket[];
  connect(): Promise<RawClient>;
}

const running = new Set<Server>();

/** Starts a server on a free loopback port; {@link stopServers} ends it. */
export async function startServer(
  handler: HttpHandler,
  options: NodeHandlerOptions = {},
  ofNode: ServerOptions = {},
): Promise<TestServer> {
  const errors: unknown[] = [];
  const sockets: Socket[] = [];
  const server = createServer(ofNode);
  server.on('connection', (socket) => sockets.push(socket));
  attach(server, handler, { onError: (error) => errors.push(error), lingerMs: 200, ...options });
  running.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, errors, sockets, connect: () => RawClient.connect(port) };
}

export async function stopServers(): Promise<void> {
  const stopped = [...running].map((server) => {
    server.closeAllConnections();
    server.close();
    return once(server, 'close');
  });
  running.clear();
  await Promise.all(stopped);
}

/** A promise together with the function that resolves it. */
export function latch<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
