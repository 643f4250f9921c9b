import {
  b2ErrorCodes,
  headerMetadataSize,
  isB2ErrorCode,
  operations,
  printJson,
  responseSchema,
  type ApiVersion,
  type B2ErrorCode,
  type OperationName,
  type OperationNameOf,
  type OperationRow,
  type ResponseOf,
} from '@coffer/b2-schema';
import { encodeBase64, type ByteStream, type SecretString } from '@coffer/bytes';
import type { HeaderList, HttpHandler, HttpPeer } from '@coffer/http';
import { HeaderList as Headers } from '@coffer/http';
import { responseBytes, testRequest, type TestRequest } from '@coffer/http/testing';
import { createStorage, type Storage, type StorageOptions } from '@coffer/storage-core';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import { tellAnswer, tellOutput } from '@coffer/storage-testkit';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import assert from 'node:assert/strict';
import type * as z from 'zod';
import { createB2Handler, type B2Options, type B2RequestEvent } from '../index.ts';
import { memoryDependencies, type TestDependencies } from './memory-dependencies.ts';
import { snapshotOf } from './store-snapshot.ts';

/** The members of every error; absent in a success. */
interface ErrorBody {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
}

/** The JSON of a success, as its row says in the newest version; of a download there is none. */
export type BodyOf<Name extends OperationName> =
  Name extends OperationNameOf<'json' | 'upload'> ? ResponseOf<Name> & ErrorBody : ErrorBody;

/** An answer that has been read to its end. Its body has a type only as far as a test expects one. */
export interface Answer<Body = ErrorBody> {
  readonly status: number;
  readonly headers: HeaderList;
  readonly bytes: Uint8Array;
  /** The body as JSON; an empty object if it is none. */
  readonly json: Body;
}

export interface CallOptions {
  readonly version?: ApiVersion;
  /** Null sends none; the master key's by default. */
  readonly token?: string | null;
  readonly peer?: Partial<HttpPeer>;
  readonly method?: 'GET' | 'POST';
  /** More headers. One of undefined is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface UploadOptions extends CallOptions {
  /** The length declared, where it is not the body's. */
  readonly contentLength?: number | undefined;
  /** Sent instead of the body, whose length and SHA-1 are declared. */
  readonly stream?: ByteStream;
}

export interface TestServerOptions {
  readonly storage?: Partial<StorageOptions>;
  readonly b2?: Partial<B2Options>;
}

/** What is not given of the dependencies is made in memory. */
export interface InMemoryOptions extends TestServerOptions, Partial<TestDependencies> {}

export const origin = 'http://coffer.test';

/** A server without sockets over real storage, with a client that checks of every answer what is true of all. */
export class TestServer {
  readonly handler: HttpHandler;
  readonly storage: Storage;
  readonly events: B2RequestEvent[] = [];
  readonly errors: unknown[] = [];
  /** Texts that no answer may hold. */
  readonly secrets: string[] = [];
  readonly #dependencies: TestDependencies;
  #accountId = '';
  #masterToken = '';
  #masterKey: ApplicationKeyRecord | undefined;
  #secret: SecretString | undefined;

  constructor(dependencies: TestDependencies, options: TestServerOptions) {
    this.#dependencies = dependencies;
    this.storage = createStorage(
      { ...dependencies, metadataSize: headerMetadataSize },
      { minimumPartSize: 10, ...options.storage },
    );
    this.handler = createB2Handler({
      storage: this.storage,
      clock: dependencies.clock,
      random: dependencies.random,
      origins: () => ({ apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin }),
      recommendedPartSize: 100,
      onRequest: (event) => {
        this.events.push(event);
        tellOutput('event of a request', () => inspect(event));
      },
      onError: (error) => {
        this.errors.push(error);
        tellOutput('reported error', () => inspect(error, { depth: null, showHidden: true }));
      },
      ...options.b2,
    });
  }

  static async open(dependencies: TestDependencies, options: TestServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(dependencies, options);
    const { accountId, secret, masterKey } = await server.storage.accounts.bootstrap();
    server.#accountId = accountId;
    server.#masterKey = masterKey;
    await server.renewMasterToken();
    server.#secret = secret ?? undefined;
    return server;
  }

  /** A server with nothing stored, over stores in memory. */
  static inMemory({ storage = {}, b2 = {}, ...dependencies }: InMemoryOptions = {}): Promise<TestServer> {
    return TestServer.open({ ...memoryDependencies(), ...dependencies }, { storage, b2 });
  }

  get accountId(): string {
    return this.#accountId;
  }

  get masterToken(): string {
    return this.#masterToken;
  }

  /** Authorizes the master key anew, as a client does when its token has expired. */
  async renewMasterToken(): Promise<void> {
    assert.ok(this.#masterKey);
    this.#masterToken = await this.storage.tokens.issueAccountToken(this.#masterKey);
  }

  /** The `Authorization` header of the master key. */
  get masterBasic(): string {
    return this.#secret?.expose((secret) => basic(this.accountId, secret)) ?? '';
  }

  snapshot(): Promise<unknown> {
    return snapshotOf(this.#dependencies.metadata, this.#dependencies.blobs);
  }

  /** Sends a request and reads the answer. */
  async send(request: TestRequest): Promise<Answer> {
    const response = await this.handler(testRequest(request));
    const bytes = await responseBytes(response, 2 ** 26);
    const headers = new Headers(response.headers);
    const text = isJson(headers) ? new TextDecoder().decode(bytes) : '';
    const json = (text === '' ? {} : JSON.parse(text)) as ErrorBody;
    const { method = 'GET', target = '/' } = request;
    tellAnswer({ method, target, status: response.status, headers: headers.pairs, body: bytes });
    this.#checkAnswer({ status: response.status, headers, bytes, json }, text, request);
    const id = headers.get('x-bz-request-id');
    assert.equal(this.events.filter(({ requestId }) => requestId === id).length, 1);
    return { status: response.status, headers, bytes, json };
  }

  /**
   * Calls an operation with JSON; an answer of status 200 must be what the table says, an error one of those it names.
   */
  async call<Name extends OperationName>(
    name: Name,
    fields: object,
    options: CallOptions = {},
  ): Promise<Answer<BodyOf<Name>>> {
    const { version = 'v4', method = 'POST', peer } = options;
    const target = `/b2api/${version}/${name}${method === 'GET' ? queryOf(fields) : ''}`;
    const answer = await this.send({
      method,
      target,
      headers: { ...this.#authorization(options), ...options.headers },
      ...(method === 'POST' ? { body: JSON.stringify(fields) } : {}),
      ...(peer && { peer }),
    });
    checkAgainstRow(name, version, answer);
    return answer as Answer<BodyOf<Name>>;
  }

  /** As {@link call}, for a call that must succeed: the JSON of its answer. */
  async ok<Name extends OperationName>(name: Name, fields: object, options: CallOptions = {}): Promise<BodyOf<Name>> {
    const answer = await this.call(name, fields, options);
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    return answer.json;
  }

  /** Expects a refusal, and that nothing stored has changed by it. */
  async refused(
    send: () => Promise<Answer>,
    expected: { status: number; code: B2ErrorCode; message?: string | RegExp },
  ): Promise<Answer> {
    const before = await this.snapshot();
    const answer = await send();
    assert.deepEqual(
      { status: answer.status, code: answer.json.code },
      { status: expected.status, code: expected.code },
    );
    if (typeof expected.message === 'string') assert.equal(answer.json.message, expected.message);
    else if (expected.message !== undefined) assert.match(answer.json.message ?? '', expected.message);
    assert.deepEqual(await this.snapshot(), before);
    return answer;
  }

  async createBucket(bucketName: string, settings: object = {}): Promise<string> {
    const fields = { accountId: this.accountId, bucketName, bucketType: 'allPrivate', ...settings };
    const bucket = await this.ok('b2_create_bucket', fields);
    return bucket.bucketId;
  }

  /** Uploads with the master key's token, or with the token given, through a fresh upload URL. */
  async upload(
    bucketId: string,
    fileName: string,
    body: Uint8Array | string,
    options: UploadOptions = {},
  ): Promise<Answer<BodyOf<'b2_upload_file'>>> {
    const { version = 'v4', token } = options;
    const url = await this.ok(
      'b2_get_upload_url',
      { bucketId },
      { version, ...(token === undefined ? {} : { token }) },
    );
    return this.uploadTo<'b2_upload_file'>(
      url,
      body,
      { 'X-Bz-File-Name': encodeURI(fileName), 'Content-Type': 'text/plain' },
      options,
    );
  }

  /** Uploads a part through a fresh upload URL. */
  async uploadPart(
    fileId: string,
    partNumber: number,
    body: Uint8Array | string,
    options: UploadOptions = {},
  ): Promise<Answer<BodyOf<'b2_upload_part'>>> {
    const url = await this.ok('b2_get_upload_part_url', { fileId });
    return this.uploadTo<'b2_upload_part'>(url, body, { 'X-Bz-Part-Number': String(partNumber) }, options);
  }

  /** Sends to an upload URL. A header of undefined is left out. */
  async uploadTo<Name extends OperationNameOf<'upload'> = OperationNameOf<'upload'>>(
    url: { uploadUrl: string; authorizationToken: string },
    body: Uint8Array | string,
    own: Readonly<Record<string, string>>,
    options: UploadOptions = {},
  ): Promise<Answer<BodyOf<Name>>> {
    const target = url.uploadUrl.slice(origin.length);
    const answer = await this.send({
      method: 'POST',
      target,
      headers: { Authorization: url.authorizationToken, 'X-Bz-Content-Sha1': sha1(body), ...own, ...options.headers },
      body: options.stream ?? body,
      contentLength: 'contentLength' in options ? options.contentLength : Buffer.byteLength(body),
      ...(options.peer && { peer: options.peer }),
    });
    const [, , version, name] = target.split('/');
    checkAgainstRow(name as OperationName, version as ApiVersion, answer);
    return answer as Answer<BodyOf<Name>>;
  }

  /** Downloads from a download URL. */
  async download(path: string, options: CallOptions & { head?: boolean } = {}): Promise<Answer> {
    const answer = await this.send({
      method: options.head === true ? 'HEAD' : 'GET',
      target: path,
      headers: { ...this.#authorization(options), ...options.headers },
      ...(options.peer && { peer: options.peer }),
    });
    if (answer.status >= 400 && options.head !== true) checkAgainstRow('b2_download_file_by_name', 'v4', answer);
    return answer;
  }

  /** A key with these rights, and an account token of it. */
  async restrictedToken(
    capabilities: readonly string[],
    restriction: { bucketIds?: readonly string[]; namePrefix?: string } = {},
  ): Promise<string> {
    const { key } = await this.storage.applicationKeys.create({
      accountId: this.accountId,
      keyName: 'restricted',
      capabilities,
      bucketIds: restriction.bucketIds ?? null,
      namePrefix: restriction.namePrefix ?? null,
      validDurationInSeconds: null,
    });
    return this.storage.tokens.issueAccountToken(key);
  }

  #authorization({ token }: CallOptions): Record<string, string> {
    return token === null ? {} : { Authorization: token ?? this.#masterToken };
  }

  #checkAnswer({ status, headers, bytes, json }: Answer, text: string, request: TestRequest): void {
    assert.match(headers.get('x-bz-request-id') ?? '', /^[0-9a-f]{24}$/);
    if (text !== '') assert.equal(text, printJson(json));
    if (status >= 400 && request.method !== 'HEAD') {
      assert.deepEqual(Object.keys(json).sort(), ['code', 'message', 'status']);
      assert.equal(json.status, status);
    }
    if (request.method === 'HEAD') assert.equal(bytes.length, 0);
    const all = JSON.stringify([...headers.pairs, text, this.events]);
    for (const secret of this.secrets) assert.ok(!all.includes(secret));
  }
}

function isJson(headers: HeaderList): boolean {
  return headers.get('content-type')?.startsWith('application/json;charset') === true;
}

/** An answer must have the shape that its row promises, nothing more, and an error one of the row's codes. */
export function checkAgainstRow(name: OperationName, version: ApiVersion, { status, json }: Answer): void {
  const row: OperationRow = operations[name];
  if (status === 200 || status === 206) {
    if (row.kind !== 'download') assert.deepEqual(encodedAgain(responseSchema(row, version), json), json);
    return;
  }
  const { code = '' } = json;
  assert.ok((row.errors as readonly string[]).includes(code), `${name} must not answer ${code}`);
  const statuses: readonly number[] = isB2ErrorCode(code) ? b2ErrorCodes[code] : [];
  assert.ok(statuses.includes(status), `${code} must not have status ${status}`);
}

/** The JSON that a server would print of what a client reads; secrets, which a client gets wrapped, are text in it. */
function encodedAgain(schema: z.ZodType, json: unknown): unknown {
  return schema.encode(schema.parse(json));
}

export function sha1(body: Uint8Array | string): string {
  return createHash('sha1').update(body).digest('hex');
}

export function md5(body: Uint8Array | string): string {
  return createHash('md5').update(body).digest('hex');
}

export function basic(keyId: string, secret: string): string {
  return `Basic ${encodeBase64(new TextEncoder().encode(`${keyId}:${secret}`))}`;
}

function queryOf(fields: object): string {
  const pairs = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `${name}=${encodeURIComponent(text)}`;
  });
  return `?${pairs.join('&')}`;
}
