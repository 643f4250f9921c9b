import type { TableName } from './tables.ts';

/**
 * What can go wrong in a store.
 *
 * - `conflict`: an expectation of a commit did not hold; nothing was written. Read again and retry.
 * - `missing_blob`: no blob of that id. Only "it is not there" is answered so; a failing disk never is.
 * - `blob_exists`: a blob of that id is there already; nothing was changed.
 * - `full`: no space left (or quota exceeded); nothing was written.
 * - `io`: anything else that the medium or connection refused; the operation may be tried again later, and nothing
 *   unacknowledged is visible.
 * - `damaged`: a row of the metadata store does not decode; {@link StoreError.row} says which.
 * - `closed`: the store was closed.
 */
export type StoreErrorCode = 'conflict' | 'missing_blob' | 'blob_exists' | 'full' | 'io' | 'damaged' | 'closed';

/** The place of a row, which is all that can be said of a row that does not decode. */
export interface RowPlace {
  readonly table: TableName;
  readonly key: Uint8Array;
}

/** The one error type that store adapters throw; `cause` holds the adapter's own error. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** For `damaged`: the row that does not decode. */
  readonly row: RowPlace | undefined;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions & { readonly row?: RowPlace }) {
    super(message, options);
    this.code = code;
    this.row = options?.row;
  }
}
