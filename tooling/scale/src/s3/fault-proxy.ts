import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the proxy does with one chunk: closes its connection, holds it up, or passes nothing on any more. */
export type ProxyFault = 'cut' | 'delay' | 'stall';

/** Which chunks it does that with: every n-th of all connections, in both directions. */
export type ProxyPlan = Readonly<Partial<Record<ProxyFault, number>>>;

/** A proxy of TCP connections that can be told to disturb them. */
export class FaultProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #plan: ProxyPlan;
  #chunks = 0;
  #isDown = false;

  private constructor(target: URL, plan: ProxyPlan) {
    this.#target = target;
    this.#plan = plan;
    this.#server = createServer((socket) => {
      this.#accept(socket);
    });
  }

  /** Starts one in front of a URL. */
  static async start(target: string, plan: ProxyPlan = {}): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(target), plan);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** What to use instead of the target's URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Chunks that have come so far. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Closes all connections and every new one. */
  down(): void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  up(): void {
    this.#isDown = false;
  }

  async stop(): Promise<void> {
    this.down();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#isDown) {
      client.destroy();
      return;
    }
    const store = connect(Number(this.#target.port), this.#target.hostname);
    this.#pass(client, store);
    this.#pass(store, client);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('end', () => to.end());
    let stalled = false;
    from.on('data', (chunk) => {
      this.#chunks++;
      if (this.#isDue('cut')) from.destroy();
      else if ((stalled ||= this.#isDue('stall'))) return;
      else if (this.#isDue('delay')) {
        from.pause();
        setTimeout(() => {
          from.resume();
          this.#write(chunk, from, to);
        }, 300);
      } else this.#write(chunk, from, to);
    });
  }

  #write(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }

  #isDue(fault: ProxyFault): boolean {
    const every = this.#plan[fault];
    return every !== undefined && this.#chunks % every === 0;
  }
}
