import {
  matchCorsRule,
  parseRequestedHeaders,
  preflightHeaders,
  type HeaderPair,
  type HttpResponse,
} from '@coffer/http';
import { S3Error } from '@coffer/s3-schema';
import { findBucket } from '../access/authorize.ts';
import type { Incoming, Named } from '../request/incoming.ts';
import { corsOperationOf } from './rules.ts';

const vary: HeaderPair = ['Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'];

/**
 * The answer to a preflight (Fetch Standard, "CORS-preflight request"), by the rules of the bucket in the URL; nobody
 * has to prove who they are.
 *
 * @throws S3Error `BadRequest` for a request that is no preflight, `AccessForbidden` unless a rule allows it.
 */
export async function answerPreflight(
  { options, request }: Incoming,
  { bucketName, key }: Named,
): Promise<HttpResponse> {
  const { headers } = request;
  const origin = headers.get('origin');
  const method = headers.get('access-control-request-method');
  if (origin === undefined) throw new S3Error('BadRequest');
  const refused = (why: string) => forbidden(why, method, key);
  if (method === undefined) {
    throw new S3Error('BadRequest', { message: 'Invalid Access-Control-Request-Method: null' });
  }
  const bucket = bucketName === undefined ? undefined : await findBucket(options.storage, bucketName);
  if (bucket === undefined) throw refused('Bucket not found');
  if (bucket.corsRules.length === 0) throw refused('CORS is not enabled for this bucket.');
  const operation = corsOperationOf(method);
  const requested = parseRequestedHeaders(headers.getAll('access-control-request-headers'));
  const asked =
    operation === undefined || requested === undefined ? undefined : { operation, origin, headers: requested };
  const rule = asked && matchCorsRule(bucket.corsRules, asked);
  if (asked === undefined || rule === undefined) {
    throw refused('This CORS request is not allowed. No rule of the bucket has this origin, method and these headers.');
  }
  const lines = preflightHeaders(rule, asked, [method]).filter(([name]) => name !== 'Vary');
  return { status: 200, headers: [...lines, ...credentials(rule.allowedOrigins), vary] };
}

/** A page may send cookies unless the rule is for every origin (Fetch Standard, "CORS protocol and credentials"). */
export function credentials(allowedOrigins: readonly string[]): HeaderPair[] {
  return allowedOrigins.includes('*') ? [] : [['Access-Control-Allow-Credentials', 'true']];
}

function forbidden(why: string, method: string | undefined, key: string | undefined): S3Error {
  return new S3Error('AccessForbidden', {
    message: `CORSResponse: ${why}`,
    details: {
      ResourceType: key === undefined ? 'BUCKET' : 'OBJECT',
      ...(method === undefined ? {} : { Method: method }),
    },
  });
}
