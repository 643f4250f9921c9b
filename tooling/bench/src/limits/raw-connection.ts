import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that sends and reads exactly what the test says, unlike a well-behaved client. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #host: string;
  #text = '';
  readonly closed: Promise<void>;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        resolve();
      }),
    );
    // Only the end of the connection matters, not the reason for it.
    socket.on('error', () => undefined);
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawConnection(socket, host);
  }

  /** What was received, as far as {@link read} was called. */
  get received(): string {
    return this.#text;
  }

  /** A request's head. */
  head(line: string, headers: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ Host: this.#host, ...headers }).map(([name, value]) => `${name}: ${value}`);
    this.#socket.write([`${line} HTTP/1.1`, ...lines, '\r\n'].join('\r\n'));
  }

  /** Resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#socket.destroyed) throw new Error('The server closed the connection');
    if (!this.#socket.write(bytes)) await Promise.race([once(this.#socket, 'drain'), this.closed]);
  }

  /** Begins to read what the server sends; until then nothing is read. */
  read(): void {
    this.#socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
    });
  }

  /** The status of the first answer, once there is one. */
  async status(): Promise<number> {
    this.read();
    while (!this.#text.includes('\r\n')) {
      if (this.#socket.destroyed) throw new Error('The server closed the connection without an answer');
      await Promise.race([once(this.#socket, 'data'), this.closed]);
    }
    return Number(this.#text.split(' ')[1]);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
