import type * as z from 'zod';
import type { B2ErrorCode } from './error-codes.ts';

/** Why a value is refused. The message is shown to the caller: it must not hold a secret. */
interface Problem {
  readonly message: string;
  readonly code: B2ErrorCode;
}

/**
 * A zod check that refuses a value for which `problemOf` finds a problem; the code is `bad_request` unless the problem
 * names another.
 */
export function rule<T>(problemOf: (value: T) => string | Problem | undefined): z.core.CheckFn<T> {
  return (context) => {
    const problem = problemOf(context.value);
    if (problem === undefined) return;
    context.issues.push({ ...issueOf(problem), input: context.value });
  };
}

/** The zod issue of a problem. */
export function issueOf(problem: string | Problem): { code: 'custom'; message: string; params: { b2: B2ErrorCode } } {
  const { message, code } = typeof problem === 'string' ? { message: problem, code: 'bad_request' as const } : problem;
  return { code: 'custom', message, params: { b2: code } };
}
