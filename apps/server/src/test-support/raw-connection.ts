import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to a server that sends and takes exactly what a test says. */
export class RawConnection {
  readonly #socket: Socket;
  #text = '';
  #reads = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** What was received since {@link read}. */
  get received(): string {
    return this.#text;
  }

  /** The head of a request. */
  head(line: string, headers: Readonly<Record<string, string>> = {}): void {
    const lines = Object.entries({ Host: 'test', ...headers }).map(([name, value]) => `${name}: ${value}`);
    this.send([`${line} HTTP/1.1`, ...lines, '\r\n'].join('\r\n'));
  }

  send(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Begins to take what the server sends; before, nothing is taken. */
  read(): this {
    if (this.#reads) return this;
    this.#reads = true;
    this.#socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
    });
    return this;
  }

  /** Everything that was received until the server closed the connection. */
  async untilClosed(): Promise<string> {
    this.read();
    if (!this.closed) await once(this.#socket, 'close');
    return this.#text;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
