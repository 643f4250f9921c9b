import { SseViolationError, type SseViolation } from './violation.ts';

/** What parsing gives: the value, or the first rule that was broken. */
export type SseResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: SseViolationError };

export function accepted<T>(value: T): SseResult<T> {
  return { ok: true, value };
}

export function refused(code: SseViolation, field?: string): { readonly ok: false; readonly error: SseViolationError } {
  return { ok: false, error: new SseViolationError(code, field) };
}
