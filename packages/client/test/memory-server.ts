import { createB2Handler, type B2Options } from '@coffer/b2-protocol';
import { headerMetadataSize, type ApiVersion, type BucketId } from '@coffer/b2-schema';
import { SecretBytes, type SecretString } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { toFetchHandler, type HttpHandler } from '@coffer/http';
import { createStorage, type Storage } from '@coffer/storage-core';
import { fixedClock, seededRandom, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import assert from 'node:assert/strict';
import { createClient, type Client, type ClientOptions } from '../src/create-client.ts';
import type { Fetch } from '../src/transport/transport.ts';
import { fakeTiming, type FakeTiming } from './fake-timing.ts';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  /** The last segment of the operation's path, or `file`. */
  readonly operation: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Answers instead of the server, or lets the request through by answering nothing. */
export type Interception = (
  request: SeenRequest,
  goOn: () => Promise<Response>,
) => Promise<Response | undefined> | Response | undefined;

/** A server in memory, with a client of its master key that reaches it without sockets. */
export interface MemoryServer {
  readonly handler: HttpHandler;
  readonly storage: Storage;
  readonly clock: FixedClock;
  readonly timing: FakeTiming;
  readonly keyId: string;
  readonly key: SecretString;
  readonly url: string;
  readonly fetch: Fetch;
  /** All requests so far. */
  readonly seen: SeenRequest[];
  /** The operations of {@link seen}, without the authorization. */
  readonly operations: () => string[];
  /** Called for each request, if it is set. */
  intercept: Interception | undefined;
  /** A client of the master key. */
  client<Version extends ApiVersion = 'v4'>(options?: Partial<ClientOptions<Version>>): Client<Version>;
  bucket(name?: string, settings?: object): Promise<BucketId>;
}

const serverUrl = 'https://coffer.test';

/** Parts may be of 10 bytes, and are recommended to be of 100. */
export async function memoryServer(b2: Partial<B2Options> = {}, url = serverUrl): Promise<MemoryServer> {
  const clock = fixedClock(1_700_000_000_000);
  const random = seededRandom(1);
  const storage = createStorage(
    {
      metadata: createMemoryMetadataStore(),
      blobs: createMemoryBlobStore(),
      keys: new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]),
      clock,
      random,
      metadataSize: headerMetadataSize,
    },
    { minimumPartSize: 10 },
  );
  const handler = createB2Handler({
    storage,
    clock,
    random,
    origins: () => ({ apiUrl: url, downloadUrl: url, s3ApiUrl: url }),
    recommendedPartSize: 100,
    ...b2,
  });
  const { accountId, secret } = await storage.accounts.bootstrap();
  assert.ok(secret);
  const seen: SeenRequest[] = [];
  const timing = fakeTiming((milliseconds) => {
    clock.advance(milliseconds);
  });
  const answer = toFetchHandler(handler);
  const peer = { address: '192.0.2.1', loopback: false, secure: url.startsWith('https:') };
  const server: MemoryServer = {
    ...{ handler, storage, clock, timing, keyId: accountId, key: secret, url, seen, intercept: undefined },
    operations: () => seen.map(({ operation }) => operation).filter((name) => name !== 'b2_authorize_account'),
    fetch: async (target, init) => {
      const request = await requestOf(target, init);
      const one = { method: request.method, operation: operationOf(target), url: target, headers: request.headers };
      seen.push(one);
      init.signal?.throwIfAborted();
      const goOn = () => answer(request, peer);
      const answered = async () => (await server.intercept?.(one, goOn)) ?? (await goOn());
      return Promise.race([answered(), ...(init.signal ? [abortOf(init.signal)] : [])]);
    },
    client: (options = {}) =>
      createClient({ keyId: accountId, key: secret, url, fetch: server.fetch, timing, ...options }),
    bucket: async (bucketName = 'my-bucket', settings = {}) => {
      const client = server.client();
      const bucket = await client.api.createBucket({ bucketName, bucketType: 'allPrivate', ...settings });
      seen.length = 0;
      return bucket.bucketId;
    },
  };
  return server;
}

/** Rejects as the runtime's `fetch` does. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      reject(new DOMException('aborted', 'AbortError'));
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** As the runtime sends it: with the length of the body. */
async function requestOf(url: string, init: RequestInit): Promise<Request> {
  const { body } = init;
  const bytes =
    body instanceof Blob
      ? new Uint8Array(await body.arrayBuffer())
      : typeof body === 'string'
        ? Buffer.from(body)
        : body;
  const headers = new Headers(init.headers);
  if (bytes instanceof Uint8Array) headers.set('Content-Length', String(bytes.length));
  return new Request(url, { ...init, headers, ...(bytes instanceof Uint8Array ? { body: bytes } : {}) });
}

function operationOf(url: string): string {
  const [, first = '', , name = ''] = new URL(url).pathname.split('/');
  return first === 'file' ? 'file' : name;
}

/** An answer that refuses. */
export function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  const message = `refused: ${code}`;
  return Response.json({ status, code, message }, { status, headers });
}

/** Lets the server say of all that it stores that it is not encrypted, except in listings. */
export function withoutEncryption(server: MemoryServer): void {
  server.intercept = async (_, goOn) => {
    const answer = await goOn();
    const info = (await answer.clone().json()) as object;
    if (!('serverSideEncryption' in info)) return answer;
    return Response.json({ ...info, serverSideEncryption: { algorithm: null, mode: null } });
  };
}
