import { tokenParameter } from '@coffer/b2-schema';
import {
  matchCorsRule,
  parseRequestedHeaders,
  preflightHeaders,
  type HttpRequest,
  type HttpResponse,
} from '@coffer/http';
import { B2Error } from '../errors/b2-error.ts';
import type { B2Options } from '../options.ts';
import { readQuery } from '../request/query.ts';
import { methodsOf, type Route } from '../request/route.ts';
import { findBucket, referenceInUrl } from './bucket-reference.ts';
import { corsOperationOf } from './cors-operation.ts';

/** The end of every account token, here as in the service. */
const accountToken = /_acct$/;

/**
 * Whether a browser asks if a page may send a request to an upload URL or a download URL (Fetch Standard,
 * "CORS-preflight request").
 */
export function isPreflight({ method, headers }: HttpRequest, { operation }: Route): boolean {
  return (
    method === 'OPTIONS' &&
    headers.has('origin') &&
    headers.has('access-control-request-method') &&
    corsOperationOf(operation) !== undefined
  );
}

/**
 * The answer to a preflight, by the rules of the bucket that the URL is for.
 *
 * @throws B2Error `access_denied` unless a rule allows what is asked for.
 */
export async function answerPreflight(
  { storage }: B2Options,
  { headers }: HttpRequest,
  route: Route,
): Promise<HttpResponse> {
  const reference = referenceInUrl(route);
  const operation = corsOperationOf(route.operation);
  const requested = parseRequestedHeaders(headers.getAll('access-control-request-headers'));
  const methods = methodsOf(route);
  const isAskable = methods.includes(headers.get('access-control-request-method') ?? '') && !hasAccountToken(route);
  if (reference === undefined || operation === undefined || requested === undefined || !isAskable) throw denied();
  const asked = { operation, origin: headers.get('origin') ?? '', headers: requested };
  const bucket = await findBucket(storage, reference);
  const rule = matchCorsRule(bucket?.corsRules ?? [], asked);
  if (rule === undefined) throw denied();
  return { status: 200, headers: preflightHeaders(rule, asked, methods) };
}

/**
 * Whether the URL carries an account token. Such a token may do everything that its key may, so it does not belong into
 * a web page (B2 docs "Cross-Origin Resource Sharing Rules").
 */
function hasAccountToken({ query }: Route): boolean {
  return readQuery(query).some(([name, value]) => name === tokenParameter && accountToken.test(value));
}

function denied(): B2Error {
  return new B2Error('access_denied', 'No CORS rule of the bucket allows the request, or there is no such bucket', {
    status: 403,
  });
}
