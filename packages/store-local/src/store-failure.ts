import { StoreError, type StoreErrorCode } from '@coffer/storage-ports';

/** MDB_MAP_FULL and MDB_TXN_FULL of LMDB: the map cannot grow, or one transaction has too many dirty pages. */
const lmdbFull = new Set<unknown>([-30792, -30788]);
/**
 * Error numbers as LMDB passes them on from the operating system: EFBIG, ENOSPC, EDQUOT (Linux; macOS for the last).
 */
const numericFull = new Set<unknown>([27, 28, 122, 69]);
const namedFull = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The error that reports a failed system or LMDB call: `full` for a lack of space, otherwise `io`. */
export function storeFailure(doing: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError(failureCode(cause), `${doing} failed: ${describe(cause)}`, { cause });
}

/** Awaits a system call and reports its failure as a {@link StoreError}. */
export async function attempt<T>(doing: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw storeFailure(doing, error);
  }
}

/** Whether a system call failed with the named error number. */
export function isErrno(error: unknown, ...names: readonly string[]): boolean {
  return names.some((name) => name === errorCode(error));
}

function failureCode(cause: unknown): StoreErrorCode {
  const code = errorCode(cause);
  return lmdbFull.has(code) || numericFull.has(code) || namedFull.has(code) ? 'full' : 'io';
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown error';
  const code = errorCode(cause);
  return typeof code === 'string' ? code : cause.message;
}
