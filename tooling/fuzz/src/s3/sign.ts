import { collect, streamOf, type SecretString } from '@coffer/bytes';
import { encodeAwsChunked, presignRequest, sha256Hex, signRequest, SigV4Error, type PayloadMode } from '@coffer/sigv4';
import { oneLine } from '../odd-text.ts';
import { garble, type RawRequest, type Signing } from '../raw-http.ts';

/** The application key that signs, and what it signs for. */
export interface S3Key {
  readonly id: string;
  readonly secret: SecretString;
  readonly region: string;
}

type Headers = RawRequest['headers'];

const bodyLimit = 1_000_000;
const expiresIn = 600;

/**
 * The request as bytes with its signature, garbled as it says, and with its length unless one is given. What cannot be
 * signed, such as a header twice where one is needed, is sent without.
 */
export async function signed(request: RawRequest, key: S3Key): Promise<RawRequest> {
  const ready = request.sign === undefined ? request : await trySigning(request, request.sign, key);
  if (ready.headers.some(([name]) => name === 'Content-Length')) return ready;
  const { body, headers } = ready;
  if (request.sign?.isWithoutLength !== true)
    return { ...ready, headers: [['Content-Length', String(body.length)], ...headers] };
  const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`;
  return { ...ready, headers: [['Transfer-Encoding', 'chunked'], ...headers], body: `${chunk}0\r\n\r\n` };
}

async function trySigning(request: RawRequest, signing: Signing, key: S3Key): Promise<RawRequest> {
  try {
    return await (signing.by === 'query' ? inQuery(request, signing, key) : inHeader(request, signing, key));
  } catch (error) {
    if (error instanceof SigV4Error) return request;
    throw error;
  }
}

function inQuery(request: RawRequest, { garbledProof, garbledBody }: Signing, key: S3Key): RawRequest {
  const target = presignRequest({ ...request, headers: hostOf(request.headers) }, { ...signerOf(key), expiresIn });
  return {
    ...request,
    target: garbledProof === undefined ? target : oneLine(garble(target, garbledProof)),
    body: garbledBody === undefined ? request.body : garble(request.body, garbledBody),
  };
}

async function inHeader(request: RawRequest, signing: Signing, key: S3Key): Promise<RawRequest> {
  const data = Buffer.from(request.body, 'latin1');
  const payload = payloadOf(signing, data);
  const chunked: Headers =
    payload.kind === 'aws-chunked'
      ? [
          ['Content-Encoding', 'aws-chunked'],
          ['x-amz-decoded-content-length', String(data.length)],
          ...(signing.trailer === undefined || !payload.trailer
            ? []
            : [['x-amz-trailer', signing.trailer[0]] as const]),
        ]
      : [];
  const { method, target } = request;
  const headers = [...request.headers.filter(([name]) => !isOfConnection(name)), ...chunked];
  const signature = signRequest({ method, target, headers }, { ...signerOf(key), payload });
  const body = payload.kind === 'aws-chunked' ? await chunks(data, signing, signature.signatures) : request.body;
  return {
    ...request,
    headers: [...request.headers, ...chunked, ...signature.headers.map((pair) => garbledLine(pair, signing))],
    body: signing.garbledBody === undefined ? body : garble(body, signing.garbledBody),
  };
}

function payloadOf({ payload }: Signing, data: Uint8Array): PayloadMode {
  if (payload === 'unsigned') return { kind: 'unsigned' };
  if (payload === 'sha256') return { kind: 'sha256', sha256: sha256Hex(data) };
  return { kind: 'aws-chunked', signed: payload !== 'unsigned-trailer', trailer: payload !== 'signed-chunks' };
}

/** The data in its chunks, as Latin-1 text. */
export async function chunks(
  data: Uint8Array,
  { payload, trailer }: Pick<Signing, 'payload' | 'trailer'>,
  signatures: ReturnType<typeof signRequest>['signatures'],
): Promise<string> {
  const trailers = { trailers: () => (trailer === undefined ? [] : [trailer]) };
  const stream = encodeAwsChunked(streamOf(data), { signatures, ...(payload !== 'signed-chunks' && trailers) });
  return Buffer.from(await collect(stream, bodyLimit)).toString('latin1');
}

function garbledLine([name, value]: readonly [string, string], { garbledProof }: Signing): [string, string] {
  if (garbledProof === undefined || name !== 'authorization') return [name, value];
  return [name, oneLine(garble(value, garbledProof))];
}

function signerOf({ id, secret, region }: S3Key) {
  return { accessKeyId: id, secret, region };
}

const hostOf = (headers: Headers): Headers => headers.filter(([name]) => name === 'Host');
const isOfConnection = (name: string): boolean =>
  /^(?:connection|content-length|transfer-encoding|expect)$/i.test(name);
