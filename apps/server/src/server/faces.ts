import { splitTarget, type HttpHandler, type HttpRequest } from '@coffer/http';
import { bucketInHost } from '../net/request-host.ts';

/** The handlers of the two protocols on one listener. */
export interface Faces {
  readonly b2: HttpHandler;
  readonly s3: HttpHandler;
  /** Base domains of S3, in small letters. */
  readonly domains: readonly string[];
}

const b2Roots = ['/b2api/', '/file/'];

/**
 * Gives each request to the protocol that it is meant for. A bucket's host name leads to S3 whatever the path is; on
 * other hosts the two paths of B2 lead there. `/` leads to S3 only if the request shows that its client speaks S3,
 * since a browser may ask for it, too. Everything else is for S3.
 */
export function betweenFaces({ b2, s3, domains }: Faces): HttpHandler {
  return (request) => (isForS3(request, domains) ? s3(request) : b2(request));
}

function isForS3(request: HttpRequest, domains: readonly string[]): boolean {
  if (bucketInHost(request.headers.get('host') ?? '', domains) !== undefined) return true;
  const { path } = splitTarget(request.target);
  if (b2Roots.some((root) => path.startsWith(root))) return false;
  const mayBeOfBrowser = path === '/' && (request.method === 'GET' || request.method === 'HEAD');
  return !mayBeOfBrowser || speaksS3(request);
}

/** Whether something in the request is only sent by clients of S3, signed requests above all. */
function speaksS3({ headers, target }: HttpRequest): boolean {
  if (headers.has('authorization') || headers.pairs.some(([name]) => /^x-amz-/i.test(name))) return true;
  return (splitTarget(target).query ?? '').split('&').some((pair) => /^x-amz-/i.test(pair));
}
