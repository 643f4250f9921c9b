import { request as httpRequest } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectSecure, TLSSocket } from 'node:tls';
import { ConformanceError } from '../model/conformance-error.ts';
import { collectAnswer } from './collect-answer.ts';
import type { RawForm, WireAnswer } from './transport.ts';

export interface RawExchangeOptions {
  /** Certificates to trust, in PEM, instead of the system's. */
  readonly ca?: string;
  /** Milliseconds after which the exchange has to be over: a server may wait for the rest of what is no request. */
  readonly limitMs: number;
}

const closed: WireAnswer = { status: 0, headers: new Map(), body: new Uint8Array() };

/**
 * Sends a raw form on a connection of its own and collects the answer, which Node's own reader of HTTP reads.
 *
 * @param method tells whether the answer has a body.
 * @throws what `node:net` or the reader say; ConformanceError `connection` when the time is over.
 */
export function exchangeRaw(
  { head, body, closes }: RawForm,
  method: string,
  origin: string,
  { ca, limitMs }: RawExchangeOptions,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connected(new URL(origin), ca);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (error: Error): void => {
      finish(() => {
        reject(error);
      });
    };
    const timer = setTimeout(() => {
      fail(new ConformanceError('connection', `neither an answer nor an end came in ${limitMs} ms`));
    }, limitMs);
    let isConnected = false;
    let isAnswered = false;
    socket.once('error', (error) => {
      if (!isConnected) fail(error);
    });
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      isConnected = true;
      socket.write(head, 'latin1');
      if (closes) socket.end(body);
      else socket.write(body);
    });
    const reader = httpRequest({ method, createConnection: () => new AnswerSide(socket) });
    reader.on('response', (response) => {
      isAnswered = true;
      collectAnswer(response).then((answer) => {
        finish(() => {
          resolve(answer);
        });
      }, fail);
    });
    reader.on('error', (error) => {
      if (isConnected && !isAnswered && !isNoHttp(error))
        finish(() => {
          resolve(closed);
        });
      else fail(error);
    });
    // Its own request goes nowhere.
    reader.end();
  });
}

function connected({ protocol, hostname, port }: URL, ca: string | undefined): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  // The side that sends may be closed before the answer comes.
  if (protocol !== 'https:') return connectPlain({ host, port: Number(port || 80), allowHalfOpen: true });
  const options = { host, port: Number(port || 443), allowHalfOpen: true, ...(ca !== undefined && { ca }) };
  return connectSecure(isIP(host) === 0 ? { ...options, servername: host } : options);
}

/** Bytes that came and are no answer, in distinction to a connection that ended. */
function isNoHttp(error: Error & { readonly code?: unknown }): boolean {
  return typeof error.code === 'string' && error.code.startsWith('HPE_');
}

/** What a socket receives, for a reader whose own request is thrown away. */
class AnswerSide extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (piece) => {
      if (!this.push(piece)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
    socket.once('error', (error) => this.destroy(error));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(_piece: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}
