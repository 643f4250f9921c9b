import { join } from 'node:path';
import { localStoreLayout } from '../local-store.ts';

/**
 * Where the files of a backup are. Blobs and metadata are where a data directory has them, so that a backup can be read
 * like a data directory.
 */
export const backupLayout = {
  ...localStoreLayout,
  metadataFile: (backup: string) => join(localStoreLayout.metadata(backup), 'data.mdb'),
  manifest: (backup: string) => join(backup, 'manifest.jsonl'),
} as const;

/** The path of the metadata in a manifest. */
export const metadataPath = 'metadata/data.mdb';
export const storeMarkPath = 'blobs/store.json';

const blobPath = /^blobs\/([a-z0-9]{1,2})\/([a-z0-9]{1,64})$/;

/** The path of a blob in a manifest. */
export function pathOfBlob(blobId: string): string {
  return `blobs/${blobId.slice(0, 2)}/${blobId}`;
}

/** The id of the blob at a path in a manifest; undefined for a file that is no blob. */
export function blobOfPath(path: string): string | undefined {
  const [, folder, blobId] = blobPath.exec(path) ?? [];
  return blobId !== undefined && blobId.slice(0, 2) === folder ? blobId : undefined;
}

/** Whether a backup may hold a file of that path; nothing else is read or written by it. */
export function isBackupPath(path: string): boolean {
  return path === metadataPath || path === storeMarkPath || blobOfPath(path) !== undefined;
}

const prefix = 'backup-';

/** The name of a backup begun at a time, in milliseconds since the epoch: `backup-20261231T235959Z`. */
export function backupNameAt(time: number): string {
  const stamp = new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${prefix}${stamp}Z`;
}

export function isBackupName(name: string): boolean {
  return name.startsWith(prefix);
}
