import { SecretString } from '@coffer/bytes';
import { presignRequest, signRequest, type PayloadMode, type Signer } from '@coffer/sigv4';
import { s3Key } from '../server/coffer-account.ts';
import { bucketName } from '../server/coffer-process.ts';
import type { LoadRequest } from '../server/load.ts';

/** The server's region, as it is without a setting. */
const region = 'us-east-1';
const expiresIn = 3600;

/** Signs requests to the server with that `Host`. A signature in the headers is valid for 15 minutes. */
export class S3Requests {
  readonly #host: string;
  readonly #signer: Signer = { accessKeyId: s3Key.id, secret: SecretString.of(s3Key.secret), region };

  constructor(host: string) {
    this.#host = host;
  }

  /** Signed in the headers; the body is not signed if `payload` is left out. */
  signed(request: LoadRequest, payload: PayloadMode = { kind: 'unsigned' }): LoadRequest {
    const { headers } = signRequest(this.#raw(request), { ...this.#signer, payload });
    return { ...request, headers: { ...request.headers, ...Object.fromEntries(headers) } };
  }

  /** Signed in the query. All headers are signed, the body is not. */
  presigned(request: LoadRequest): LoadRequest {
    return { ...request, target: presignRequest(this.#raw(request), { ...this.#signer, expiresIn }) };
  }

  #raw({ method, target, headers }: LoadRequest) {
    return { method, target, headers: [['Host', this.#host] as const, ...Object.entries(headers)] };
  }
}

/** The path of an object; its name is of characters that need no escape. */
export const objectPath = (name: string): string => `/${bucketName}/${name}`;
