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

  /** What was received once there is a whole answer with a body of its declared length. */
  async untilAnswered(): Promise<string> {
    this.read();
    while (!isAnswer(this.#text)) {
      if (this.closed) throw new Error(`The connection ended inside an answer: ${this.#text}`);
      await Promise.race([this.#next('data'), this.#next('close')]);
    }
    return this.#text;
  }

  /** Everything that was received until the server closed the connection. */
  async untilClosed(): Promise<string> {
    this.read();
    if (!this.closed) await this.#next('close');
    return this.#text;
  }

  /**
   * `once` would reject where the server resets the connection, as it may when something was sent that it no longer
   * takes.
   */
  #next(event: 'data' | 'close'): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once(event, () => {
        resolve();
      });
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function isAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length >= end + 4 + length;
}
