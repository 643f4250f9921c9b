import type { ExtensionName, OperationName } from '@coffer/b2-schema';
import type { HeaderPair } from '@coffer/sse-schema';
import type { UploadBody } from '../sources/upload-source.ts';

/** A request that is ready to be sent. */
export interface OutgoingRequest {
  readonly operation: OperationName | ExtensionName;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  /** May hold a customer key in clear. */
  readonly headers: readonly HeaderPair[];
  readonly body?: UploadBody | string;
  /** Texts that no error may hold: the token, the customer key. */
  readonly secrets: readonly string[];
  /** Whether a customer key is in it. */
  readonly holdsCustomerKey: boolean;
  readonly signal?: AbortSignal | undefined;
}
