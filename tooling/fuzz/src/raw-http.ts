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
  /** How the request is signed for S3 right before it is sent; undefined: not at all. */
  readonly sign?: Signing;
}

/** A signature of S3, which depends on the time and so is not kept with a request. */
export interface Signing {
  readonly by: 'header' | 'query';
  readonly payload: 'sha256' | 'unsigned' | 'signed-chunks' | 'signed-trailer' | 'unsigned-trailer';
  /** What follows the data, where the payload has a trailer. */
  readonly trailer?: readonly [name: string, value: string];
  /** Garbles the `Authorization` header, or the target where that carries the signature. */
  readonly garbledProof?: Garbling;
  readonly garbledBody?: Garbling;
  /** Sends the body in chunks of HTTP, so that its length is unknown. */
  readonly isWithoutLength?: boolean;
}

/** Puts a text into the place of some characters of another. */
export interface Garbling {
  /** From 0 to 1, the place in the text. */
  readonly place: number;
  readonly remove: number;
  readonly insert: string;
}

export function garble(text: string, { place, remove, insert }: Garbling): string {
  const at = Math.floor(place * (text.length + 1));
  return text.slice(0, at) + insert + text.slice(at + remove);
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
