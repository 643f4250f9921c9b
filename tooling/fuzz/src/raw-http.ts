import { connect } from 'node:net';

/**
 * A request as bytes on the wire: nothing is checked or corrected, so that it can be one that a well-behaved client
 * refuses to send.
 */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Latin-1 text; sent as it is. */
  readonly body: string;
}

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const answerLimit = 20_000;

/** Sends the request over a connection of its own and reads until the server closes. */
export function exchange(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(wire(request)));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer within ${answerLimit} ms to ${JSON.stringify(request)}`));
    }, answerLimit);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    // A reset after an early answer is not a fault; what was received counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(parse(Buffer.concat(pieces).toString('latin1')));
    });
  });
}

function wire({ method, target, headers, body }: RawRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (end < 0 || status === undefined) return { status: 0, head: text, body: '' };
  return { status: Number(status), head: text.slice(0, end), body: text.slice(end + 4) };
}
