import type { CorsOperation } from '@coffer/b2-schema';
import {
  answerHeaders,
  matchCorsRule,
  varyByOrigin,
  type HeaderPair,
  type HttpRequest,
  type HttpResponse,
} from '@coffer/http';
import type { BucketRecord } from '@coffer/storage-ports';
import type { B2Options } from '../options.ts';
import type { RequestRecord } from '../request/request-record.ts';
import { findBucket } from './bucket-reference.ts';
import { corsOperationOf } from './cors-operation.ts';

/** Whether the request may come from a web page, so that the bucket's CORS rules matter. */
export function isCrossOrigin({ headers }: HttpRequest): boolean {
  return headers.has('origin');
}

/**
 * The answer, which may be an error, with the headers that let a page of another origin read it, if a rule of the
 * bucket allows that. Never rejects, because the caller holds an answer that has to be sent or released.
 */
export async function crossOriginAnswer(
  { storage }: B2Options,
  request: HttpRequest,
  record: RequestRecord,
  response: HttpResponse,
): Promise<HttpResponse> {
  const origin = request.headers.get('origin');
  const operation = corsOperationOf(record.operation);
  const { about } = record;
  if (origin === undefined || operation === undefined || about === null || request.method === 'OPTIONS')
    return response;
  try {
    const bucket = await findBucket(storage, about);
    return bucket === undefined ? response : withRules(response, bucket, operation, origin);
  } catch (error) {
    record.report(error);
    return response;
  }
}

function withRules(
  response: HttpResponse,
  { corsRules }: BucketRecord,
  operation: CorsOperation,
  origin: string,
): HttpResponse {
  if (corsRules.length === 0) return response;
  const rule = matchCorsRule(corsRules, { operation, origin });
  const names = response.headers.map(([name]) => name);
  const varies: readonly HeaderPair[] = names.includes(varyByOrigin[0]) ? [] : [varyByOrigin];
  const allowing = rule === undefined ? [] : answerHeaders(rule, origin, names);
  return { ...response, headers: [...response.headers, ...varies, ...allowing] };
}
