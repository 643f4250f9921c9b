import type { OperationName } from '@coffer/b2-schema';
import { ClientError } from '../errors/client-error.ts';
import type { FileEncryption } from './file-encryption.ts';

/** Throws if the answer does not say that what was stored is encrypted as was asked. */
export function checkEncryption(
  { serverSideEncryption: { mode } }: { readonly serverSideEncryption: { readonly mode: string | null } },
  asked: Pick<FileEncryption, 'mode'> | undefined,
  operation: OperationName,
): void {
  if (asked === undefined || mode === asked.mode) return;
  const message = `Asked for ${asked.mode}, the server answers ${mode ?? 'no encryption'}`;
  throw new ClientError('invalid_response', message, { operation });
}
