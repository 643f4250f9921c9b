import { ClientError } from '../errors/client-error.ts';

/** Throws if an option is not a whole number of at least 1. */
export function checkCount(value: number, field: string): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ClientError('invalid_request', `${field} must be a whole number, at least 1`, { field });
}
