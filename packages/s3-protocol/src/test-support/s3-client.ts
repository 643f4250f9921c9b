import { streamOf, type ByteStream, type SecretString } from '@coffer/bytes';
import { headerPairs, type HeaderPair, type HeaderValue } from '@coffer/http';
import type { TestRequest } from '@coffer/http/testing';
import { encodeAwsChunked, presignRequest, sha256Hex, signRequest, type PayloadMode } from '@coffer/sigv4';

/** Who signs. */
export interface TestKey {
  readonly id: string;
  readonly secret: SecretString;
}

/** A request before it is signed. */
export interface S3TestRequest {
  readonly method?: string;
  /** Path and query, percent-encoded. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly body?: Uint8Array | string;
  /** Instead of the body, a stream of unknown length, and not signed. */
  readonly stream?: ByteStream;
  /** Null: nobody. */
  readonly key?: TestKey | null;
  /** How the body is sent; by default its SHA-256 is signed. */
  readonly payload?: 'sha256' | 'unsigned' | 'signed-chunks' | 'signed-trailer' | 'unsigned-trailer';
  /** Behind the body, for the payloads that have a trailer. */
  readonly trailer?: HeaderPair;
  readonly host?: string;
  readonly region?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly peer?: TestRequest['peer'];
}

const bytesOf = (body: Uint8Array | string) => (typeof body === 'string' ? new TextEncoder().encode(body) : body);

/** The request as it goes over the wire. */
export function signedRequest(request: S3TestRequest): TestRequest {
  const { method = 'GET', target = '/', key, host = 'localhost', region = 'us-east-1', now } = request;
  const body = bytesOf(request.body ?? '');
  const given: HeaderPair[] = [['Host', host], ...headerPairs(request.headers ?? {})];
  const common = { method, target, ...(request.peer && { peer: request.peer }) };
  const sent = request.stream === undefined ? { body } : { body: request.stream, contentLength: undefined };
  if (key === null || key === undefined) return { ...common, headers: given, ...sent };
  const { id: accessKeyId, secret } = key;
  const signer = { accessKeyId, secret, region, now };
  const mode = request.stream === undefined ? (request.payload ?? 'sha256') : 'unsigned';
  if (mode === 'sha256' || mode === 'unsigned') {
    const payload: PayloadMode = mode === 'sha256' ? { kind: 'sha256', sha256: sha256Hex(body) } : { kind: 'unsigned' };
    const { headers } = signRequest({ method, target, headers: given }, { ...signer, payload });
    return { ...common, headers: [...given, ...headers], ...sent };
  }
  return { ...common, ...chunkedRequest(request, { method, target, given, body, signer }) };
}

interface Chunking {
  readonly method: string;
  readonly target: string;
  readonly given: readonly HeaderPair[];
  readonly body: Uint8Array;
  readonly signer: { accessKeyId: string; secret: SecretString; region: string; now: number };
}

function chunkedRequest({ payload, trailer }: S3TestRequest, { method, target, given, body, signer }: Chunking) {
  const isSigned = payload !== 'unsigned-trailer';
  const hasTrailer = payload !== 'signed-chunks';
  const mode = { kind: 'aws-chunked', signed: isSigned, trailer: hasTrailer } as const;
  const announced: HeaderPair[] = trailer === undefined ? [] : [['x-amz-trailer', trailer[0]]];
  const headers: HeaderPair[] = [
    ...given,
    ['Content-Encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', String(body.length)],
    ...announced,
  ];
  const signed = signRequest({ method, target, headers }, { ...signer, payload: mode });
  const stream = encodeAwsChunked(streamOf(body), {
    signatures: signed.signatures,
    ...(hasTrailer && { trailers: () => (trailer === undefined ? [] : [trailer]) }),
  });
  return { headers: [...headers, ...signed.headers], body: stream, contentLength: undefined };
}

/** A URL that carries its signature: path and query. */
export function presignedTarget(
  { method = 'GET', target = '/', key, host = 'localhost', region = 'us-east-1', now, headers = {} }: S3TestRequest,
  expiresIn = 3600,
): string {
  if (key === null || key === undefined) throw new TypeError('Nobody presigns nothing');
  const signer = { accessKeyId: key.id, secret: key.secret, region, now };
  const request = { method, target, headers: [['Host', host], ...headerPairs(headers)] as HeaderPair[] };
  return presignRequest(request, { ...signer, expiresIn });
}
