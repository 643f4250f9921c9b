import type { Api } from '../calls/api-types.ts';
import type { CallContext } from '../calls/call-context.ts';

/** What the operations on whole files work with. */
export interface FilesContext {
  readonly calls: CallContext;
  /** Of the answers that files need, all versions have the same members. */
  readonly api: Api;
}

/** How far a transfer is. */
export interface Progress {
  /** Bytes that have been transferred. */
  readonly bytes: number;
  /** Bytes in all; undefined for a stream whose length nobody has said. */
  readonly total: number | undefined;
}
