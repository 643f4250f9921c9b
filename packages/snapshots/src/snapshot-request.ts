import { createHash } from 'node:crypto';
import type { SnapshotRequest } from '@coffer/storage-ports';
import { invalid, requirePossible, type Selection } from './selection.ts';

/** What was asked for, and what the client calls that. */
interface AskedSnapshot {
  readonly selection: Selection;
  readonly title?: string;
  readonly requestId?: string;
}

/**
 * By what a repetition of the request is recognised; undefined without an id. The order of what is selected, and that
 * something is selected twice, make no other request.
 *
 * @throws StorageError `invalid`.
 */
export function requestOf({ requestId, selection, title }: AskedSnapshot): SnapshotRequest | undefined {
  if (requestId === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(requestId))
    throw invalid('requestId', 'A requestId has 1 to 64 letters, digits, hyphens and underscores');
  requirePossible(selection);
  const files = selection.files.map((file) => ('fileId' in file ? `id ${file.fileId}` : `name ${file.fileName}`));
  const asked = [selection.bucketId, distinct(files), distinct(selection.folders), title ?? null];
  return { id: requestId, digest: createHash('sha256').update(JSON.stringify(asked)).digest('hex') };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
