import type { OperationName } from '@coffer/b2-schema';
import { ClientError } from '../errors/client-error.ts';

/** Throws if the answer does not say that what was stored is encrypted as was asked. */
export function checkEncryption(
  { serverSideEncryption: { mode } }: { readonly serverSideEncryption: { readonly mode: string | null } },
  asked: { readonly mode: string } | undefined,
  operation: OperationName,
): void {
  // Who asks for none gets that of the bucket.
  if (asked === undefined || asked.mode === 'none' || mode === asked.mode) return;
  const message = `Asked for ${asked.mode}, the server answers ${mode ?? 'no encryption'}`;
  throw new ClientError('invalid_response', message, { operation });
}
