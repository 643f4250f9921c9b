import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { wireNotification } from '@coffer/b2-schema';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How a receiver answers: a status, with a redirect's place; or nothing at all. */
export type Behaviour =
  number | { readonly status: number; readonly location: string } | 'silence' | 'hang up' | 'endless';

/** A real HTTP server on loopback that keeps what it was sent. */
export class Receiver {
  readonly received: Received[] = [];
  behaviour: Behaviour = 200;
  /** Runs before a request is answered. */
  onRequest: () => Promise<void> = () => Promise.resolve();
  readonly #server: Server;

  private constructor(tls?: { readonly key: string; readonly cert: string }) {
    const listener: RequestListener = (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        this.received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces) });
        void this.onRequest().then(() => {
          this.#answer(response);
        });
      });
    };
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  }

  static async open(options: { tls?: { key: string; cert: string } } = {}): Promise<Receiver> {
    const receiver = new Receiver(options.tls);
    await new Promise<void>((resolve, reject) => {
      receiver.#server.on('error', reject);
      receiver.#server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The events of each request. */
  get batches() {
    return this.received.map(({ body }) => wireNotification.parse(JSON.parse(body.toString())).events);
  }

  get events() {
    return this.batches.flat();
  }

  /** Breaks off whatever is under way. */
  hangUp(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(response: Parameters<RequestListener>[1]): void {
    const { behaviour } = this;
    if (behaviour === 'silence') return;
    if (behaviour === 'hang up') response.destroy();
    else if (behaviour === 'endless') {
      const more = (): void => void response.write('x'.repeat(10_000), () => setImmediate(more));
      more();
    } else if (typeof behaviour === 'number') response.writeHead(behaviour).end('thank you');
    else response.writeHead(behaviour.status, { location: behaviour.location }).end();
  }
}
