import type { RequestResult } from '@coffer/b2-schema';
import { B2Error } from '../errors/b2-error.ts';

/** The value of a parsed request; throws if the request was refused. */
export function orRefuse<T>(result: RequestResult<T>): T {
  if (result.ok) return result.value;
  throw new B2Error(result.code, result.message);
}
