import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { HeaderList, type HeaderPair } from '../header-list.ts';

/** An answer as a test's client read it from the socket. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
}

/**
 * A client that writes what it is told and reads answers one by one, so that a test controls every byte on the
 * connection.
 */
export class RawClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #arrived: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#received = Buffer.concat([this.#received, piece]);
      this.#arrived();
    });
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.#arrived();
    });
    socket.on('close', () => {
      this.#arrived();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Everything that was received and not read yet. */
  get received(): string {
    return this.#received.toString('latin1');
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** The next answer; rejects if the connection ends inside it. `hasContent` false: an answer to HEAD. */
  async answer(hasContent = true): Promise<RawAnswer> {
    const head = await this.#take(() => {
      const end = this.#received.indexOf('\r\n\r\n');
      return end === -1 ? undefined : end + 4;
    });
    const [statusLine = '', ...lines] = head.trimEnd().split('\r\n');
    const headers = new HeaderList(
      lines.map((line): HeaderPair => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const length = hasContent ? Number(headers.get('content-length') ?? 0) : 0;
    const body = await this.#take(() => (this.#received.length >= length ? length : undefined));
    return { status: Number(statusLine.split(' ')[1]), headers, body };
  }

  /** Resolves when the server closed its side. */
  async closed(): Promise<void> {
    if (this.socket.readableEnded || this.socket.closed) return;
    await Promise.race([once(this.socket, 'end'), once(this.socket, 'close')]);
  }

  async #take(lengthAvailable: () => number | undefined): Promise<string> {
    for (;;) {
      const length = lengthAvailable();
      if (length !== undefined) {
        const taken = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        return taken.toString('latin1');
      }
      if (this.socket.closed || this.socket.readableEnded) throw new Error('The connection ended inside an answer');
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}
