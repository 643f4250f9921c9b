import { HeaderList, type HttpHandler } from '@coffer/http';
import { responseBytes, testRequest, type TestRequest } from '@coffer/http/testing';
import { metadataSize, s3ErrorCodes, isS3ErrorCode, type S3ErrorCode, s3Capabilities } from '@coffer/s3-schema';
import { createStorage, type Storage, type StorageOptions } from '@coffer/storage-core';
import { tellAnswer, tellOutput } from '@coffer/storage-testkit';
import { parseXml, type XmlElement } from '@coffer/xml';
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { createS3Handler, type S3Options, type S3RequestEvent } from '../index.ts';
import { memoryDependencies, type TestDependencies } from './memory-dependencies.ts';
import { presignedTarget, signedRequest, type S3TestRequest, type TestKey } from './s3-client.ts';
import { assertUnchanged, snapshotOf } from './store-snapshot.ts';

/** A request, signed with the server's own key now unless it says otherwise. */
export type ServerRequest = Omit<S3TestRequest, 'now'> & { readonly now?: number };

/** An answer that has been read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The document of the body; undefined where it is none. */
  readonly xml: XmlElement | undefined;
  /** The code of an error; undefined for a success, and where there is no body. */
  readonly code: string | undefined;
}

export interface TestServerOptions {
  readonly storage?: Partial<StorageOptions>;
  readonly s3?: Partial<S3Options>;
}

/** What is not given of the dependencies is made in memory. */
export interface InMemoryOptions extends TestServerOptions, Partial<TestDependencies> {}

/** A server without sockets over real storage, with a client that checks of every answer what is true of all. */
export class TestServer {
  readonly handler: HttpHandler;
  readonly storage: Storage;
  readonly events: S3RequestEvent[] = [];
  readonly errors: unknown[] = [];
  /** Texts that no answer may hold. */
  readonly secrets: string[] = [];
  readonly #dependencies: TestDependencies;
  #accountId = '';
  #key: TestKey | undefined;

  constructor(dependencies: TestDependencies, options: TestServerOptions) {
    this.#dependencies = dependencies;
    this.storage = createStorage({ ...dependencies, metadataSize }, { minimumPartSize: 10, ...options.storage });
    this.handler = createS3Handler({
      storage: this.storage,
      clock: dependencies.clock,
      random: dependencies.random,
      regions: ['us-east-1'],
      domains: ['s3.test'],
      origin: () => 'http://localhost',
      onRequest: (event) => {
        this.events.push(event);
        tellOutput('event of a request', () => inspect(event));
      },
      onError: (error) => {
        this.errors.push(error);
        tellOutput('reported error', () => inspect(error, { depth: null, showHidden: true }));
      },
      ...options.s3,
    });
  }

  static async open(dependencies: TestDependencies, options: TestServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(dependencies, options);
    server.#accountId = (await server.storage.accounts.bootstrap()).accountId;
    server.#key = await server.createKey();
    return server;
  }

  /** A server with nothing stored, over stores in memory. */
  static inMemory({ storage = {}, s3 = {}, ...dependencies }: InMemoryOptions = {}): Promise<TestServer> {
    return TestServer.open({ ...memoryDependencies(), ...dependencies }, { storage, s3 });
  }

  get accountId(): string {
    return this.#accountId;
  }

  /** The key that requests are signed with unless they say otherwise; it has every capability. */
  get key(): TestKey {
    assert.ok(this.#key);
    return this.#key;
  }

  /** What the server's clock shows. */
  get now(): number {
    return this.#dependencies.clock.now();
  }

  /** A new application key. */
  async createKey(
    capabilities: readonly string[] = s3Capabilities,
    restriction: { bucketIds?: readonly string[]; namePrefix?: string; accountId?: string } = {},
  ): Promise<TestKey> {
    const { key, secret } = await this.storage.applicationKeys.create({
      accountId: restriction.accountId ?? this.accountId,
      keyName: 'key',
      capabilities,
      bucketIds: restriction.bucketIds ?? null,
      namePrefix: restriction.namePrefix ?? null,
      validDurationInSeconds: null,
    });
    secret.expose((text) => this.secrets.push(text));
    return { id: key.applicationKeyId, secret };
  }

  snapshot(): Promise<unknown> {
    return snapshotOf(this.#dependencies.metadata, this.#dependencies.blobs);
  }

  /** Signs a request, sends it and reads the answer. */
  send(request: ServerRequest): Promise<Answer> {
    const key = request.key === undefined ? this.key : request.key;
    return this.sendRaw(signedRequest({ ...request, key, now: request.now ?? this.now }));
  }

  /** A URL of a request with its signature: path and query. */
  presigned(request: ServerRequest, expiresIn?: number): string {
    return presignedTarget({ ...request, key: request.key ?? this.key, now: request.now ?? this.now }, expiresIn);
  }

  /** Sends a request as it is, and reads the answer. */
  async sendRaw(request: TestRequest): Promise<Answer> {
    const response = await this.handler(testRequest(request));
    const bytes = await responseBytes(response, 2 ** 26);
    const headers = new HeaderList(response.headers);
    const isXml = headers.get('content-type') === 'application/xml' && bytes.length > 0;
    const text = new TextDecoder().decode(bytes);
    const xml = isXml ? parseXml(text, { maxBytes: 2 ** 24, maxElements: 100_000 }) : undefined;
    const code = xml?.name === 'Error' ? childText(xml, 'Code') : undefined;
    const { method = 'GET', target = '/' } = request;
    tellAnswer({ method, target, status: response.status, headers: headers.pairs, body: bytes });
    const answer = { status: response.status, headers, bytes, text, xml, code };
    this.#checkAnswer(answer, method);
    return answer;
  }

  /** As {@link send}, for a request that must succeed. */
  async ok(request: ServerRequest): Promise<Answer> {
    const answer = await this.send(request);
    assert.ok(
      answer.status < 300,
      `${request.method ?? 'GET'} ${request.target ?? '/'}: ${answer.status} ${answer.text}`,
    );
    return answer;
  }

  /** Expects a refusal, and that nothing stored has changed by it. */
  async refused(
    request: ServerRequest,
    expected: { readonly status?: number; readonly code: S3ErrorCode; readonly message?: string | RegExp },
  ): Promise<Answer> {
    const before = await this.snapshot();
    const answer = await this.send(request);
    const status = expected.status ?? s3ErrorCodes[expected.code].status;
    const code = request.method === 'HEAD' ? undefined : expected.code;
    assert.deepEqual({ status: answer.status, code: answer.code }, { status, code }, answer.text);
    const { message } = expected;
    if (message !== undefined) {
      assert.match(
        errorMessage(answer),
        typeof message === 'string' ? new RegExp(`^${escapeRegExp(message)}$`) : message,
      );
    }
    assertUnchanged(before, await this.snapshot());
    return answer;
  }

  async createBucket(name: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    await this.ok({ method: 'PUT', target: `/${name}`, headers });
    return (await this.storage.buckets.getByName(name)).bucketId;
  }

  #checkAnswer({ status, headers, bytes, text, code }: Answer, method: string): void {
    const id = headers.get('x-amz-request-id') ?? '';
    assert.match(id, /^[0-9A-F]{16}$/);
    assert.match(headers.get('x-amz-id-2') ?? '', /^[A-Za-z0-9+/]{32}$/);
    const own = this.events.filter(({ requestId }) => requestId === id);
    assert.equal(own.length, 1);
    if (status >= 400 && method !== 'HEAD') {
      assert.ok(code !== undefined && isS3ErrorCode(code), text);
      assert.ok(text.includes(`<RequestId>${id}</RequestId>`));
    }
    if (method === 'HEAD' || status === 204 || status === 304) assert.equal(bytes.length, 0);
    const all = JSON.stringify([...headers.pairs, text, own]);
    for (const secret of this.secrets) assert.ok(!all.includes(secret), 'An answer holds a secret');
  }
}

/** The text of a child element; undefined where there is none. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}

/** The children of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The message of an error. */
export function errorMessage({ xml }: Answer): string {
  return childText(xml, 'Message') ?? '';
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
