import type { FileId } from '@coffer/b2-schema';
import type { JsonFields } from '../calls/api-types.ts';
import type { CallOptions } from '../calls/call-context.ts';
import { checkEncryption } from '../encryption/check-encryption.ts';
import type { FilesContext } from './files-context.ts';

/** Starts a large file, and cancels it if it would not be encrypted as was asked. */
export async function startLargeFile(
  { api }: FilesContext,
  fields: JsonFields<'b2_start_large_file', 'v4'>,
  { signal }: CallOptions,
): Promise<FileId> {
  const started = await api.startLargeFile(fields, { signal });
  try {
    checkEncryption(started, fields.serverSideEncryption, 'b2_start_large_file');
  } catch (error) {
    await api.cancelLargeFile({ fileId: started.fileId }).catch(() => undefined);
    throw error;
  }
  return started.fileId;
}
