import { collect, SecretString, streamOf } from '@coffer/bytes';
import { encodeAwsChunked, sha256Hex, signRequest, type HeaderPair, type PayloadMode } from '@coffer/sigv4';
import { parseXml, type XmlElement } from '@coffer/xml';
import { createHash } from 'node:crypto';
import { Refusal } from '../answer.ts';
import type { Credentials } from '../client.ts';

/** How the body of a request is sent. */
export const framings = [
  'sha256',
  'unsigned',
  'signed-chunks',
  'signed-trailer',
  'unsigned-trailer',
  'no-length',
] as const;
type Framing = (typeof framings)[number];

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Undefined: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer<ArrayBuffer>;
  /** `sha256` if left out. */
  readonly framing?: Framing;
}

export interface S3Answer {
  readonly headers: Headers;
  readonly bytes: Buffer;
}

const region = 'us-east-1';
const xmlLimits = { maxBytes: 2 ** 24 };

/** Speaks S3 with one run of the server, about one bucket, over connections that are kept. */
export class S3Client {
  readonly keyId: string;
  readonly #origin: string;
  readonly #bucket: string;
  readonly #key: string;

  constructor(origin: string, bucket: string, { keyId, key }: Credentials) {
    this.#origin = origin;
    this.#bucket = bucket;
    this.keyId = keyId;
    this.#key = key;
  }

  /** What names an object as the source of a copy. */
  sourceOf(key: string, versionId: string): string {
    return `${this.#bucket}/${key}?versionId=${versionId}`;
  }

  /** @throws Refusal, or another error if there was no whole answer. */
  async send(request: S3Request): Promise<S3Answer> {
    const { target, headers, body, hasLength } = await this.#signed(request);
    const response = await fetch(`${this.#origin}${target}`, {
      method: request.method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(hasLength ? { body: body.length > 0 ? body : null } : { body: inPieces(body), duplex: 'half' }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status >= 300) throw refusalOf(response.status, bytes);
    return { headers: response.headers, bytes };
  }

  /** The document of an answer. @throws Refusal, or another error if there was no whole answer. */
  async ask(request: S3Request): Promise<XmlElement> {
    return parseXml((await this.send(request)).bytes, xmlLimits);
  }

  async #signed({ method, key, query = {}, headers = {}, body = Buffer.alloc(0), framing = 'sha256' }: S3Request) {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const path = key === undefined ? `/${this.#bucket}` : `/${this.#bucket}/${key}`;
    const target = parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
    const mode = modeOf(framing, body);
    const given: HeaderPair[] = [...Object.entries(headers), ...chunkHeaders(mode, body)];
    const host: HeaderPair = ['Host', new URL(this.#origin).host];
    const secret = SecretString.of(this.#key);
    const signer = { accessKeyId: this.keyId, secret, region, payload: mode };
    const signature = signRequest({ method, target, headers: [host, ...given] }, signer);
    secret.wipe();
    const sent = mode.kind === 'aws-chunked' ? await chunked(body, mode, signature.signatures) : body;
    return { target, headers: [...given, ...signature.headers], body: sent, hasLength: framing !== 'no-length' };
  }
}

function modeOf(framing: Framing, body: Uint8Array): PayloadMode {
  if (framing === 'sha256') return { kind: 'sha256', sha256: sha256Hex(body) };
  if (framing === 'unsigned' || framing === 'no-length') return { kind: 'unsigned' };
  return { kind: 'aws-chunked', signed: framing !== 'unsigned-trailer', trailer: framing !== 'signed-chunks' };
}

const trailerName = 'x-amz-checksum-sha256';

function chunkHeaders(mode: PayloadMode, body: Uint8Array): readonly HeaderPair[] {
  if (mode.kind !== 'aws-chunked') return [];
  const trailer: HeaderPair[] = mode.trailer ? [['x-amz-trailer', trailerName]] : [];
  return [['Content-Encoding', 'aws-chunked'], ['x-amz-decoded-content-length', String(body.length)], ...trailer];
}

async function chunked(
  body: Uint8Array,
  { trailer }: { readonly trailer: boolean },
  signatures: ReturnType<typeof signRequest>['signatures'],
): Promise<Buffer<ArrayBuffer>> {
  const checksum = (): readonly HeaderPair[] => [[trailerName, createHash('sha256').update(body).digest('base64')]];
  const stream = encodeAwsChunked(streamOf(body), { signatures, ...(trailer && { trailers: checksum }) });
  return Buffer.from(await collect(stream, 2 * body.length + 4096));
}

/** A body of unknown length. */
function inPieces(body: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= body.length) controller.close();
      else controller.enqueue(body.subarray(at, (at += 50_000)));
    },
  });
}

function refusalOf(status: number, bytes: Buffer): Refusal {
  if (bytes.length === 0) return new Refusal(status, { code: 'no document' });
  const error = parseXml(bytes, xmlLimits);
  return new Refusal(status, { code: childText(error, 'Code'), message: childText(error, 'Message') });
}

/** The text of a child element; undefined where there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** The text of a header. @throws TypeError if the answer has none. */
export function headerIn({ headers }: S3Answer, name: string): string {
  const value = headers.get(name);
  if (value === null) throw new TypeError(`The answer has no ${name}`);
  return value;
}
