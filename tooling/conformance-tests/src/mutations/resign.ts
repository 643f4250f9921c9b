import type { WireRequest } from '@coffer/conformance';
import type { SecretString } from '@coffer/bytes';
import { sha256Hex, signRequest } from '@coffer/sigv4';
import { without } from './mutation.ts';

/** Signs a request of S3 anew, with the key that it was signed with before, in its headers. */
export function signAgain(request: WireRequest, secret: SecretString): WireRequest {
  const { method, target, body } = request;
  const authorization = request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const [, accessKeyId = '', region = ''] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization) ?? [];
  const length = ['content-length', String(body.length)] as const;
  const own = without(request.headers, /^(authorization|x-amz-date|x-amz-content-sha256|content-length)$/);
  const payload = { kind: 'sha256', sha256: sha256Hex(body) } as const;
  const { headers } = signRequest({ method, target, headers: own }, { accessKeyId, region, secret, payload });
  return { ...request, headers: [...own, ...headers, length] };
}
