import type { FileId } from '@coffer/b2-schema';
import { modifiedInfo, takesPart, type SyncClient, type SyncOptions } from './sync-options.ts';

/** A file of the bucket. */
export interface RemoteFile {
  readonly fileId: FileId;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch: of the source if whoever uploaded it said so, else of the upload. */
  readonly modified: number;
}

/** The current files of the prefix that take part, by their names without it. */
export async function readRemote(client: SyncClient, options: SyncOptions): Promise<Map<string, RemoteFile>> {
  const { bucketId, prefix = '', signal } = options;
  const files = new Map<string, RemoteFile>();
  for await (const row of client.list.fileNames({ bucketId, prefix }, { signal })) {
    if (row.action !== 'upload' && row.action !== 'copy') continue;
    const name = row.fileName.slice(prefix.length);
    if (!takesPart(options, name)) continue;
    const said = row.fileInfo[modifiedInfo] ?? '';
    const modified = /^-?\d{1,15}$/.test(said) ? Number(said) : row.uploadTimestamp;
    files.set(name, { fileId: row.fileId, size: row.contentLength, modified });
  }
  return files;
}

/** Whether nothing has to be transferred. */
export function isSame(
  one: { readonly size: number; readonly modified: number },
  other: { readonly size: number; readonly modified: number },
): boolean {
  return one.size === other.size && one.modified === other.modified;
}
