import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, Server as TlsServer } from 'node:tls';
import type { HttpHandler } from '@coffer/http';
import { attach, type NodeHandlerOptions } from '@coffer/http/node';
import { printAddress, type ListenAddress } from '../config/listen-address.ts';
import { StartupError } from '../startup-error.ts';
import type { TlsMaterial } from '../tls/dev-certificate.ts';
import { sharedAmongAddresses, type AddressShare } from './address-shares.ts';
import { defaultLimits, idleCheckMs, type NetworkLimits } from './limits.ts';
import { listenFailure, type ListenKey } from './listen-failure.ts';

const minVersion = 'TLSv1.2';

/** A server that accepts connections. */
export interface Listener {
  /** Where clients on this machine reach it, without a slash at the end. */
  readonly url: string;
  /**
   * Uses another certificate from the next connection on; does nothing without TLS.
   *
   * @throws StartupError `network` if the certificate cannot be used; then the previous one stays in use.
   */
  renew(tls: TlsMaterial): void;
  /**
   * Stops accepting, lets requests under way finish and closes the rest of the connections; what is not finished after
   * `graceMs` milliseconds is cut off. Resolves once every connection is closed. Later calls wait for the first.
   */
  close(graceMs: number): Promise<void>;
  /**
   * Stops accepting and leaves every connection to its client: resolves once all are closed. An idle connection is
   * closed after the keep-alive timeout, as always; the answer to its next request should ask the client to close it.
   */
  drain(): Promise<void>;
}

export interface ListenOptions {
  /** The setting that the address comes from. */
  readonly key: ListenKey;
  readonly address: ListenAddress;
  /**
   * A server that was bound to this address earlier, whose port the listener takes over; undefined: the listener binds
   * by itself.
   */
  readonly bound?: NetServer | undefined;
  /** Absent: plain HTTP. */
  readonly tls?: TlsMaterial;
  readonly limits?: NetworkLimits;
  /** How many connections one address may have; absent: all of them. */
  readonly share?: AddressShare;
  /** Connections at once. Those beyond are closed as soon as they are accepted, and the others go on. */
  readonly maxConnections: number;
  readonly onError?: NonNullable<NodeHandlerOptions['onError']>;
  /** Called for each connection that exceeded the limit. */
  readonly onRefused?: () => void;
}

/** Accepts connections at an address. @throws StartupError `network`. */
export async function listen(handler: HttpHandler, options: ListenOptions): Promise<Listener> {
  const { tls, onError, onRefused, share, maxConnections, limits = defaultLimits } = options;
  const { bodyTimeoutMs, answerTimeoutMs, drainTimeoutMs, maxHeaderBytes } = limits;
  const server = makeServer(tls, limits);
  server.maxConnections = maxConnections;
  if (onRefused) server.on('drop', onRefused);
  const times = { bodyTimeoutMs, answerTimeoutMs, drainTimeoutMs };
  attach(server, handler, { ...times, maxHeaderBytes, ...(onError && { onError }) });
  if (share) server.on('connection', sharedAmongAddresses(share));
  const sockets = trackSockets(server);
  const port = await bind(server, options);
  const host = reachableHost(options.address.host);
  const url = `${tls === undefined ? 'http' : 'https'}://${printAddress({ host, port })}`;
  const gone = new Promise<void>((resolve) => {
    server.once('close', () => {
      resolve();
    });
  });
  let closed: Promise<void> | undefined;
  return {
    url,
    renew: (renewed) => {
      if (server instanceof TlsServer) renewCertificate(server, renewed);
    },
    close: (graceMs) => (closed ??= closeServer(server, { gone, sockets, graceMs })),
    drain: () => {
      // The HTTP server's own `close` would cut off idle connections, on which a request may be on its way.
      NetServer.prototype.close.call(server);
      return gone;
    },
  };
}

function makeServer(tls: TlsMaterial | undefined, limits: NetworkLimits): Server {
  const options = serverOptions(limits);
  if (tls === undefined) return createServer(options);
  const { handshakeTimeoutMs: handshakeTimeout } = limits;
  return usingCertificate(() => createTlsServer({ ...options, ...tls, minVersion, handshakeTimeout }));
}

function renewCertificate(server: TlsServer, tls: TlsMaterial): void {
  usingCertificate(() => {
    // Tried on its own first, so that a failure does not leave the server with half of the change.
    createSecureContext({ ...tls, minVersion });
    server.setSecureContext({ ...tls, minVersion });
  });
}

function usingCertificate<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown error';
    throw new StartupError('network', `The TLS certificate and its private key cannot be used: ${reason}.`, { cause });
  }
}

function serverOptions(limits: NetworkLimits) {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.headersCheckMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Uploads may take hours; the body's progress is watched instead.
    requestTimeout: 0,
  };
}

/** Keeps track of all connections, including those that sent no request yet or are still in the TLS handshake. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function bind(server: Server, { key, address, bound }: ListenOptions): Promise<number> {
  try {
    server.listen(bound ?? { host: address.host, port: address.port });
    await once(server, 'listening');
    // A server that listens at a host and port has an address of this form.
    return (server.address() as AddressInfo).port;
  } catch (cause) {
    throw listenFailure(key, address, cause);
  }
}

function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

interface Closing {
  /** Resolves when the server and all its connections are closed. */
  readonly gone: Promise<void>;
  readonly sockets: ReadonlySet<Socket>;
  readonly graceMs: number;
}

async function closeServer(server: Server, { gone, sockets, graceMs }: Closing): Promise<void> {
  server.close();
  const closeIdle = setInterval(() => {
    server.closeIdleConnections();
  }, idleCheckMs);
  const cutOff = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  try {
    await gone;
  } finally {
    clearInterval(closeIdle);
    clearTimeout(cutOff);
  }
}
