import { streamOf } from '@coffer/bytes';
import { keys, type StoreIdentity, type Write } from '@coffer/storage-ports';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUpStore, type BackUpStoreOptions } from '../src/backup/back-up-store.ts';
import { restoreStore } from '../src/backup/restore-store.ts';
import { openLocalStore, type LocalStore } from '../src/local-store.ts';
import { writeStoreMark } from '../src/store-mark.ts';

/** Bytes that differ from blob to blob. */
export function bytesOf(blobId: string, length = 3_000): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + blobId.charCodeAt(i % blobId.length)) & 0xff);
}

export const identity: StoreIdentity = { storeId: '5'.repeat(32), formatVersion: 1, generation: '6'.repeat(32) };

/** A local store in a directory for temporary files, and a place for backups beside it. */
export class BackupScene {
  readonly root: string;
  readonly data: string;
  readonly backups: string;
  readonly store: LocalStore;
  #time = Date.UTC(2026, 10, 29, 1, 2, 3);

  private constructor(root: string, store: LocalStore) {
    this.root = root;
    this.data = join(root, 'data');
    this.backups = join(root, 'backups');
    this.store = store;
  }

  static async open(who = identity): Promise<BackupScene> {
    const root = await mkdtemp(join(tmpdir(), 'coffer-backup-'));
    const store = await openLocalStore({ directory: join(root, 'data') });
    const scene = new BackupScene(root, store);
    await scene.commit({ table: 'storeIdentity', key: keys.storeIdentity(), put: who });
    await writeStoreMark(join(scene.data, 'blobs'), who);
    return scene;
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.root, { recursive: true });
  }

  commit(...writes: readonly Write[]): Promise<void> {
    return this.store.metadata.commit({ expectations: [], writes });
  }

  /** A blob with its reference. */
  async addBlob(blobId: string, content = bytesOf(blobId)): Promise<void> {
    await this.store.blobs.write(blobId, streamOf(content));
    await this.commit(referenceTo(blobId));
  }

  backUp(options: Partial<BackUpStoreOptions> = {}) {
    const { data: directory, backups: destination, store } = this;
    return backUpStore({ directory, destination, store, now: () => (this.#time += 1_000), ...options });
  }

  restore(to: string, backup = this.backups) {
    const directory = join(this.root, to);
    return restoreStore({ backup, directory, ignored: () => false, renew: () => Promise.resolve() });
  }
}

export function referenceTo(blobId: string, fileId = `file of ${blobId}`, partNumber = 0): Write {
  return { table: 'blobReferences', key: keys.blobReferences(blobId), put: { fileId, partNumber } };
}
