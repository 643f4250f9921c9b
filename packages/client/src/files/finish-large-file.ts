import type { FileId, ParsedResponseOf } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { ClientError } from '../errors/client-error.ts';
import type { FilesContext } from './files-context.ts';

/** A file as the operations that store one answer. */
export type StoredFile = ParsedResponseOf<'b2_upload_file'>;

/**
 * Finishes a large file. If the answer to an attempt is lost, or something on the way repeats the request, the server
 * refuses the repetition, since the file is finished; then the file is looked up instead.
 */
export async function finishLargeFile(
  { api }: FilesContext,
  fileId: FileId,
  partSha1Array: string[],
  { signal }: CallOptions,
): Promise<StoredFile> {
  try {
    return await api.finishLargeFile({ fileId, partSha1Array }, { signal });
  } catch (error) {
    const mayBeFinished = ClientError.is(error) && (error.mayHaveBeenDone || error.code === 'bad_request');
    if (!mayBeFinished) throw error;
    const found = await api.getFileInfo({ fileId }, { signal }).catch(() => undefined);
    if (found?.action === 'upload' || found?.action === 'copy') return found;
    throw error;
  }
}
