import { join } from 'node:path';

/** Sub-directories of a local store. */
export const localStoreLayout = {
  metadata: (directory: string) => join(directory, 'metadata'),
  /** Where the metadata of a new store is until it is complete. */
  newMetadata: (directory: string) => join(directory, 'metadata.new'),
  blobs: (directory: string) => join(directory, 'blobs'),
} as const;
