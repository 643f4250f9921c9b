import { answerHeaders, matchCorsRule, type HeaderPair, type HttpResponse } from '@coffer/http';
import { findBucket } from '../access/authorize.ts';
import type { Incoming } from '../request/incoming.ts';
import { credentials } from './preflight.ts';
import { corsOperationOf } from './rules.ts';

const vary: HeaderPair = ['Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'];

/**
 * The answer, which may be an error, with the headers that let a page of another origin read it, if a rule of the
 * bucket allows that. Never rejects, because the caller holds an answer that has to be sent or released.
 */
export async function crossOriginAnswer(
  { options, request, record }: Incoming,
  response: HttpResponse,
): Promise<HttpResponse> {
  const origin = request.headers.get('origin');
  const operation = corsOperationOf(request.method);
  if (origin === undefined || operation === undefined || record.bucketName === null) return response;
  try {
    const bucket = await findBucket(options.storage, record.bucketName);
    if (bucket === undefined || bucket.corsRules.length === 0) return response;
    const rule = matchCorsRule(bucket.corsRules, { operation, origin });
    const names = response.headers.map(([name]) => name);
    const allowing = rule ? [...answerHeaders(rule, origin, names), ...credentials(rule.allowedOrigins)] : [];
    return { ...response, headers: [...response.headers, ...allowing, vary] };
  } catch (error) {
    record.report(error);
    return response;
  }
}
