import * as z from 'zod';

/**
 * A value that only callers with the right capability see: `{ isClientAuthorizedToRead, value }`, where an unauthorised
 * caller gets false and null (B2 docs "Application Key Capabilities").
 */
export interface Readable<T> {
  readonly isClientAuthorizedToRead: boolean;
  readonly value: T | null;
}

/** The schema of {@link Readable}. A withheld value must be null. */
export function readableSchema<T extends z.ZodType>(value: T) {
  return z.union([
    z.object({ isClientAuthorizedToRead: z.literal(true), value: value.nullable() }),
    z.object({ isClientAuthorizedToRead: z.literal(false), value: z.null() }),
  ]);
}

/** Wraps `value` for a caller who may, or may not, read it. */
export function printReadable<T>(
  value: T,
  mayRead: boolean,
): { isClientAuthorizedToRead: true; value: T } | { isClientAuthorizedToRead: false; value: null } {
  return mayRead ? { isClientAuthorizedToRead: true, value } : { isClientAuthorizedToRead: false, value: null };
}
