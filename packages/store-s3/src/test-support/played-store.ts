import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretString } from '@coffer/bytes';
import { openS3BlobStore, type S3StoreOptions } from '../open-s3-blob-store.ts';
import type { S3BlobStore } from '../s3-blob-store.ts';
import { failed, PlayedBucket, type PlayedAbilities, type PlayedAnswer, type PlayedRequest } from './played-bucket.ts';

/**
 * What goes wrong with one request.
 *
 * - `refuse`: an error instead of doing it. `fail`: the same after having done it.
 * - `cut`: the connection ends before it is done. `lose`: after it was done, without an answer.
 * - `silent`: no answer at all. `short`: the answer ends after some bytes of its body, `hold`: falls silent then.
 * - `damage`: one byte of the body is another one. `answer`: another answer.
 */
export type PlayedFault =
  | { readonly kind: 'refuse' | 'fail'; readonly status: number; readonly code: string }
  | { readonly kind: 'cut' | 'lose' | 'silent' }
  | { readonly kind: 'short' | 'hold'; readonly at: number }
  | { readonly kind: 'damage'; readonly at: number }
  | { readonly kind: 'answer'; readonly change: (answer: PlayedAnswer) => PlayedAnswer };

/** Decides what goes wrong with a request; undefined: nothing. */
export type FaultChoice = (request: PlayedRequest) => PlayedFault | undefined;

export const testStoreId = '0123456789abcdef0123456789abcdef';
export const testSecret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const testAccessKey = 'AKIAIOSFODNN7EXAMPLE';

/**
 * A server that plays an S3 store, to cause what a real one cannot be asked for: wrong bytes, lost answers, broken
 * connections. What stores really do is tested with real ones, by `pnpm scale`.
 */
export class PlayedStore {
  readonly bucket: PlayedBucket;
  /** Method and key of each request, and whether it was conditional. */
  readonly log: string[] = [];
  /** Of every request. */
  readonly requests: PlayedRequest[] = [];
  fault: FaultChoice = () => undefined;
  readonly #server: Server;

  private constructor(abilities: Partial<PlayedAbilities>) {
    const all = { conditions: true, checksums: true, uploadLists: true, versioning: '', retention: false };
    this.bucket = new PlayedBucket({ ...all, ...abilities });
    this.#server = createServer((request, response) => {
      void this.#handle(request, response);
    });
  }

  static async start(abilities: Partial<PlayedAbilities> = {}): Promise<PlayedStore> {
    const store = new PlayedStore(abilities);
    store.#server.listen(0, '127.0.0.1');
    await once(store.#server, 'listening');
    return store;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The adapter over this store, with short limits and hardly any pauses. */
  open(options: Partial<S3StoreOptions> = {}): Promise<S3BlobStore> {
    return openS3BlobStore({
      address: 's3://bucket/place',
      storeId: testStoreId,
      create: true,
      endpoint: this.url,
      credentials: { accessKeyId: testAccessKey, secretAccessKey: SecretString.of(testSecret) },
      ...options,
      limits: { pause: 1, ...options.limits },
    });
  }

  /** The next request that `which` chooses meets this fault, once; or the next `times`. */
  once(which: (request: PlayedRequest) => boolean, fault: PlayedFault, times = 1): void {
    let left = times;
    this.fault = (request) => {
      if (left === 0 || !which(request)) return undefined;
      left--;
      return fault;
    };
  }

  /** Tells of each new connection. */
  onConnection(tell: (port: number | undefined) => void): void {
    this.#server.on('connection', (socket) => {
      tell(socket.remotePort);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    message.on('error', () => undefined);
    const request = await readRequest(message).catch(() => undefined);
    if (request === undefined) return;
    this.requests.push(request);
    this.log.push(`${request.method} ${request.key}`);
    const fault = this.fault(request);
    if (fault?.kind === 'cut') message.socket.destroy();
    if (fault?.kind === 'cut' || fault?.kind === 'silent') return;
    const done = fault?.kind === 'refuse' ? failed(fault.status, fault.code) : this.bucket.answer(request);
    if (fault?.kind === 'lose') message.socket.destroy();
    else if (fault?.kind === 'fail') send(request, response, failed(fault.status, fault.code));
    else if (fault?.kind === 'answer') send(request, response, fault.change(done));
    else if (fault?.kind === 'damage') send(request, response, damaged(done, fault.at));
    else if (fault?.kind === 'short' || fault?.kind === 'hold') await sendPart(response, done, fault);
    else send(request, response, done);
  }
}

async function readRequest(message: IncomingMessage): Promise<PlayedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const url = new URL(message.url ?? '/', 'http://store');
  const [, ...key] = url.pathname.slice(1).split('/');
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  const body = Buffer.concat(pieces);
  return { method: message.method ?? '', key: key.join('/'), query: url.searchParams, headers, body };
}

function send({ method }: PlayedRequest, response: ServerResponse, { status, headers, body = '' }: PlayedAnswer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, ...(status !== 204 && { 'content-length': length }) });
  response.end(method === 'HEAD' ? undefined : body);
}

function damaged(answer: PlayedAnswer, at: number): PlayedAnswer {
  const body = Buffer.from(answer.body ?? '');
  body[at] = (body[at] ?? 0) ^ 1;
  return { ...answer, body };
}

async function sendPart(
  response: ServerResponse,
  { status, headers, body = '' }: PlayedAnswer,
  { kind, at }: { readonly kind: 'short' | 'hold'; readonly at: number },
): Promise<void> {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  await new Promise((resolve) => response.write(Buffer.from(body).subarray(0, at), resolve));
  if (kind === 'short') response.destroy();
}
