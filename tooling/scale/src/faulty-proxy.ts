import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What happens to a message, which is a piece of data as it arrives.
 *
 * - `pass`: it is handed on.
 * - `cut`: both connections end before it is handed on; `cut after`: after it.
 * - `half open`: nothing is handed on any more, in neither direction, and neither side is told.
 * - a number: it is handed on after so many milliseconds.
 */
export type Fate = 'pass' | 'cut' | 'cut after' | 'half open' | number;

export interface Message {
  /** From 1, over all connections. */
  readonly number: number;
  readonly from: 'client' | 'server';
}

/** A TCP proxy between a store and its engine that does to each message what it is told to. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Where the next connections lead. */
  target: number;
  fate: (message: Message) => Fate = () => 'pass';
  messages = 0;

  private constructor(target: number) {
    this.target = target;
    this.#server = createServer((socket) => {
      this.#join(socket);
    });
  }

  static async start(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections that there are. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cutAll();
    await closed;
  }

  #join(client: Socket): void {
    const server = createConnection({ port: this.target, host: '127.0.0.1' });
    const pair = new Pair(client, server);
    for (const [from, to, name] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (data: Buffer) => {
        pair.hand(to, data, this.fate({ number: ++this.messages, from: name }));
      });
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!pair.silent) to.destroy();
      });
    }
  }
}

class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  silent = false;
  #before = Promise.resolve();

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
  }

  /** In order, whatever the delays. */
  hand(to: Socket, data: Buffer, fate: Fate): void {
    this.#before = this.#before.then(async () => {
      if (typeof fate === 'number') await new Promise((resolve) => setTimeout(resolve, fate));
      if (fate === 'half open') this.silent = true;
      if (this.silent) return;
      if (fate !== 'cut') to.write(data);
      if (fate === 'cut') this.#end();
      if (fate === 'cut after') {
        // What was written is sent before the end.
        to.end();
        setTimeout(() => {
          this.#end();
        }, 5);
      }
    });
  }

  #end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}
