import type { SecretString } from '@coffer/bytes';
import {
  encodeAwsChunked,
  presignRequest,
  sha256Hex,
  signRequest,
  type HeaderPair,
  type PayloadMode,
  type Signer,
} from '@coffer/sigv4';
import { createHash } from 'node:crypto';
import type { WireRequest } from './transport.ts';

export interface S3Account {
  readonly origin: string;
  /** Host, and port if there is one, below which each bucket has a host of its own. */
  readonly bucketDomain: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** Stays the caller's. */
  readonly secret: SecretString;
}

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** The bucket itself, if left out. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly presigned?: boolean;
  readonly virtualHost?: boolean;
  readonly chunked?: ChunkedForm;
  readonly wrong?: 'expired' | 'signature' | 'unsigned';
}

/** How the body is framed in aws-chunked. */
interface ChunkedForm {
  readonly signed: boolean;
  /** Bytes. */
  readonly chunkSize: number;
  readonly trailer?: HeaderPair;
  /** What of the frames is replaced after they were signed. */
  readonly replace?: readonly [text: string, by: string];
}

const nothing = new Uint8Array();
/** A presigned request is sent at once. */
const presignedSeconds = 300;
/** Longer than any clock may differ, and than a presigned request is valid. */
const longAgoMs = 3_600_000;

/** The request as it is sent. @throws SigV4Error if it cannot be signed. */
export async function signedRequest(request: S3Request, account: S3Account): Promise<WireRequest> {
  const { method, presigned, wrong, headers, body = nothing, chunked } = request;
  const target = targetOf(request);
  // Signed one byte per code unit, as it is sent.
  const own: readonly HeaderPair[] = [
    ['host', hostOf(request, account)],
    ...Object.entries(headers ?? {}),
    ...(wantsMd5(request) ? [['content-md5', md5Of(body)] as const] : []),
    ...(chunked === undefined ? [] : chunkedHeaders(chunked, body)),
  ];
  const { origin, ...keys } = account;
  const signer = { ...keys, ...(wrong === 'expired' && { now: Date.now() - longAgoMs }) };
  const signed =
    wrong === 'unsigned'
      ? { target, headers: own, body }
      : presigned === true
        ? presign(method, target, own, body, signer)
        : await signInHeader(method, target, own, body, signer, chunked);
  const length = ['content-length', String(signed.body.length)] as const;
  const sent = { method, origin, ...signed, headers: [...signed.headers, length] };
  return wrong === 'signature' ? withOtherSignature(sent) : sent;
}

type SignedPieces = Pick<WireRequest, 'target' | 'headers' | 'body'>;

function presign(
  method: string,
  target: string,
  headers: readonly HeaderPair[],
  body: Uint8Array,
  signer: Signer,
): SignedPieces {
  const signed = presignRequest({ method, target, headers }, { ...signer, expiresIn: presignedSeconds });
  return { target: signed, headers, body };
}

async function signInHeader(
  method: string,
  target: string,
  headers: readonly HeaderPair[],
  data: Uint8Array,
  signer: Signer,
  chunked: ChunkedForm | undefined,
): Promise<SignedPieces> {
  const payload: PayloadMode =
    chunked === undefined
      ? { kind: 'sha256', sha256: sha256Hex(data) }
      : { kind: 'aws-chunked', signed: chunked.signed, trailer: chunked.trailer !== undefined };
  const { headers: added, signatures } = signRequest({ method, target, headers }, { ...signer, payload });
  const body = chunked === undefined ? data : await framed(data, chunked, signatures);
  return { target, headers: [...headers, ...added], body };
}

function chunkedHeaders({ trailer }: ChunkedForm, data: Uint8Array): readonly HeaderPair[] {
  return [
    ['content-encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', String(data.length)],
    ...(trailer === undefined ? [] : [['x-amz-trailer', trailer[0]] as const]),
  ];
}

async function framed(
  data: Uint8Array,
  { chunkSize, trailer, replace: [text, by] = ['', ''] }: ChunkedForm,
  signatures: ReturnType<typeof signRequest>['signatures'],
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const options = { signatures, chunkSize, ...(trailer !== undefined && { trailers: () => [trailer] }) };
  for await (const piece of encodeAwsChunked(asStream(data), options)) pieces.push(Uint8Array.from(piece));
  return Buffer.from(Buffer.concat(pieces).toString('latin1').replace(text, by), 'latin1');
}

async function* asStream(data: Uint8Array): AsyncGenerator<Uint8Array, void> {
  if (data.length > 0) yield await Promise.resolve(data);
}

function withOtherSignature(request: WireRequest): WireRequest {
  const other = (text: string): string =>
    text.replace(/(Signature=)([0-9a-f])/, (_, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`);
  return {
    ...request,
    target: other(request.target),
    headers: request.headers.map(([name, value]) => [name, name === 'authorization' ? other(value) : value]),
  };
}

/** AWS takes the settings of a bucket, locks, and objects with locks only with a checksum. */
function wantsMd5({ key, query = {}, headers = {}, body }: S3Request): boolean {
  if (body === undefined || body.length === 0) return false;
  const names = [...Object.keys(query), ...Object.keys(headers).map((name) => name.toLowerCase())];
  if (names.includes('content-md5')) return false;
  return key === undefined || names.some((name) => /^(?:retention|legal-hold|x-amz-object-lock-.*)$/.test(name));
}

function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}

function hostOf({ bucket, virtualHost }: S3Request, { origin, bucketDomain }: S3Account): string {
  return virtualHost === true ? `${bucket}.${bucketDomain}` : new URL(origin).host;
}

function targetOf({ bucket, key, query, virtualHost }: S3Request): string {
  const inBucket = key === undefined ? '' : `/${key.split('/').map(encodePart).join('/')}`;
  const path = virtualHost === true ? inBucket || '/' : `/${bucket}${inBucket}`;
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** Encodes as Signature Version 4 wants it: all but unreserved characters. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
