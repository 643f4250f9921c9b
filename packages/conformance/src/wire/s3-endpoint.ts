import type { SecretString } from '@coffer/bytes';
import { presignRequest, sha256Hex, signRequest } from '@coffer/sigv4';
import { createHash } from 'node:crypto';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import { Answer } from './answer.ts';
import type { Transport, WireRequest } from './transport.ts';

export interface S3Account {
  readonly origin: string;
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
}

const nothing = new Uint8Array();
/** A presigned request is sent at once. */
const presignedSeconds = 300;

/** Encodes as Signature Version 4 wants it: all but unreserved characters. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An endpoint of S3, addressed by path. */
export class S3Endpoint {
  readonly #account: S3Account;
  readonly #send: Transport;

  constructor(account: S3Account, send: Transport) {
    this.#account = account;
    this.#send = send;
  }

  /** The same endpoint and account over another transport. */
  sendingBy(send: Transport): S3Endpoint {
    return new S3Endpoint(this.#account, send);
  }

  /** @throws ConformanceError `connection` if the request cannot be sent, or is not answered. */
  async request(request: S3Request): Promise<Answer> {
    return new Answer(await this.#send(this.#signed(request)));
  }

  #signed(request: S3Request): WireRequest {
    try {
      return signedRequest(request, this.#account);
    } catch (cause) {
      // A value that an earlier answer gave may be none that a request can carry.
      throw new ConformanceError('connection', `${request.method} cannot be sent: ${reasonOf(cause)}`, { cause });
    }
  }
}

function signedRequest(request: S3Request, { origin, ...signer }: S3Account): WireRequest {
  const { method, bucket, key, query, headers, body = nothing, presigned } = request;
  const target = targetOf(bucket, key, query);
  // Signed one byte per code unit, as it is sent.
  const own = [
    ['host', new URL(origin).host] as const,
    ...Object.entries(headers ?? {}),
    ...(key === undefined && body.length > 0 ? [['content-md5', md5Of(body)] as const] : []),
  ];
  const length = ['content-length', String(body.length)] as const;
  if (presigned === true) {
    const signed = presignRequest({ method, target, headers: own }, { ...signer, expiresIn: presignedSeconds });
    return { method, origin, target: signed, headers: [...own, length], body };
  }
  const payload = { kind: 'sha256', sha256: sha256Hex(body) } as const;
  const signature = signRequest({ method, target, headers: own }, { ...signer, payload });
  return { method, origin, target, headers: [...own, ...signature.headers, length], body };
}

/** AWS takes the settings of a bucket only with a checksum. */
function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}

function targetOf(bucket: string, key: string | undefined, query: S3Request['query']): string {
  const path = key === undefined ? `/${bucket}` : `/${bucket}/${key.split('/').map(encodePart).join('/')}`;
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
