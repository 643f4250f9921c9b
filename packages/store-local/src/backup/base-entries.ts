import type { BlobFileSystem } from '@coffer/storage-ports';
import { blobOfPath } from './backup-layout.ts';
import type { ManifestFile } from './manifest.ts';
import { manifestEntries } from './manifest-reader.ts';

/**
 * Finds blobs in the manifest of an earlier backup. They are asked for in the order of their ids, so that the manifest
 * is read only once.
 */
export class BaseEntries {
  readonly backup: string;
  readonly #entries: AsyncGenerator<ManifestFile & { readonly blobId: string }, void>;
  #next: (ManifestFile & { readonly blobId: string }) | undefined;
  #ended = false;

  constructor(files: Pick<BlobFileSystem, 'open'>, backup: string) {
    this.backup = backup;
    this.#entries = blobEntries(files, backup);
  }

  /**
   * The entry of a blob; undefined if the earlier backup has no such blob. Each id must be greater than the one before.
   */
  async find(blobId: string): Promise<ManifestFile | undefined> {
    while (!this.#ended && (this.#next === undefined || this.#next.blobId < blobId)) {
      const { done, value } = await this.#entries.next();
      this.#ended = done === true;
      this.#next = value ?? undefined;
    }
    return this.#next?.blobId === blobId ? this.#next : undefined;
  }

  async close(): Promise<void> {
    await this.#entries.return();
  }
}

async function* blobEntries(files: Pick<BlobFileSystem, 'open'>, backup: string) {
  for await (const entry of manifestEntries(files, backup)) {
    const blobId = blobOfPath(entry.path);
    if (blobId !== undefined && !('missing' in entry)) yield { ...entry, blobId };
  }
}
