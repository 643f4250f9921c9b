import { once } from 'node:events';
import { createConnection, createServer, type Server } from 'node:net';
import { StartupError, systemErrorCode } from '../startup-error.ts';
import { withShortPath } from './short-path.ts';

/**
 * Milliseconds to wait for the holder's answer. A holder that does not answer in time, because it is suspended or
 * overloaded, still counts as alive.
 */
const answerTimeoutMs = 2_000;

/** A Unix socket that answers every connection with this process's id. */
export async function listenWithPid(directory: string, name: string): Promise<Server> {
  const server = createServer((socket) => {
    // The process that asks may have gone already.
    socket.on('error', () => undefined);
    socket.end(`${process.pid}\n`);
  });
  await withShortPath(directory, name, async (path) => {
    server.listen({ path });
    await once(server, 'listening');
  });
  server.unref();
  return server;
}

/** The descriptor of a listening socket. @throws StartupError `worker` if this version of Node does not reveal it. */
export function descriptorOf(server: Server): number {
  // Node has no public way to let a child inherit a listening socket before the child runs.
  const { _handle: handle } = server as Server & { readonly _handle?: { readonly fd?: unknown } | null };
  if (typeof handle?.fd !== 'number' || handle.fd < 0)
    throw new StartupError('worker', 'This version of Node.js does not let worker processes inherit the lock.');
  return handle.fd;
}

/**
 * Which process listens on a socket: its process id, null if it does not tell its id, undefined if nobody listens. A
 * socket file outlives a killed process, but nobody listens on it any more: the system refuses the connection.
 */
export async function askPid(directory: string, name: string): Promise<number | null | undefined> {
  return withShortPath(directory, name, async (path) => {
    const socket = createConnection({ path });
    socket.setTimeout(answerTimeoutMs, () => socket.destroy());
    const pieces: Buffer[] = [];
    try {
      await once(socket, 'connect');
      for await (const piece of socket) pieces.push(piece as Buffer);
    } catch (error) {
      if (['ENOENT', 'ECONNREFUSED'].includes(systemErrorCode(error) ?? '')) return undefined;
      return null;
    } finally {
      socket.destroy();
    }
    const pid = Number(Buffer.concat(pieces).toString('latin1'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  });
}
