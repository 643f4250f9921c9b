import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { ListenAddress } from '../config/listen-address.ts';
import { listenFailure, samePort, type ListenKey } from './listen-failure.ts';

/** Where each listener is to listen; undefined: it is off. */
export type WantedPorts = Readonly<Record<ListenKey, ListenAddress | undefined>>;

/** In the order in which they are bound. */
const listenKeys = ['listen', 'httpsListen', 's3Listen', 'adminListen', 'consoleListen'] as const satisfies ListenKey[];

/** The listeners that workers bind, where there are workers. */
export const keysOfWorkers = ['listen', 'httpsListen', 's3Listen'] as const satisfies ListenKey[];

/**
 * Ports that are bound before anything else is done, so that a port that is not available is reported before keys and
 * data are made. Until a listener takes its port over, connections to it are closed.
 */
export class ReservedPorts {
  readonly #bound = new Map<ListenKey, { readonly server: Server; readonly address: ListenAddress }>();

  /** @throws StartupError `network` if one of them is not available. */
  async reserve(wanted: Partial<WantedPorts>): Promise<void> {
    for (const key of listenKeys) {
      const address = wanted[key];
      if (address === undefined) continue;
      try {
        this.#bound.set(key, { server: await bind(address), address });
      } catch (cause) {
        const other = this.#holderOf(address);
        throw other === undefined ? listenFailure(key, address, cause) : samePort(key, other, address);
      }
    }
  }

  #holderOf({ port }: ListenAddress): ListenKey | undefined {
    return [...this.#bound].find(([, { address }]) => port !== 0 && address.port === port)?.[0];
  }

  /** Hands a port over to its listener: the bound server, to be given to `listen`. Undefined: it was not reserved. */
  take(key: ListenKey): Server | undefined {
    const server = this.#bound.get(key)?.server;
    this.#bound.delete(key);
    return server;
  }

  /** Frees those of the ports that nobody has taken. Idempotent. */
  async release(keys: readonly ListenKey[] = listenKeys): Promise<void> {
    const servers = keys.map((key) => this.take(key)).filter((server) => server !== undefined);
    await Promise.all(
      servers.map(async (server) => {
        server.close();
        await once(server, 'close');
      }),
    );
  }
}

async function bind({ host, port }: ListenAddress): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.destroy();
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}
