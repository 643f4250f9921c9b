import { basename, dirname, join } from 'node:path';
import { StoreError, type QuarantinedBlob } from '@coffer/storage-ports';
import type { BlobPlace } from './blob-place.ts';
import { makeDurableDirectory } from './durable-directory.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/**
 * `<blobId>.<milliseconds since the epoch>`: so the time is there as soon as the name is, and is kept when files are
 * copied.
 */
const namePattern = /^([a-z0-9]{1,64})\.([0-9]{1,16})$/;

interface Entry {
  readonly blobId: string;
  readonly at: number;
  readonly name: string;
}

/**
 * Blobs out of use, in one folder. A blob gets its name there before it loses the name in its place; on the way back,
 * it gets the name in its place first. Each name is flushed before the next step: a power cut leaves it in one of the
 * two places or in both, never in none. (A rename from one directory into another does not promise that.)
 */
export class BlobQuarantine {
  readonly #place: BlobPlace;
  /**
   * Names that were removed but whose removal may not be on disk, because its flush failed: they may come back after a
   * crash, and a second flush may succeed without having written anything.
   */
  readonly #unsureRemovals = new Set<string>();
  #made: Promise<void> | undefined;

  constructor(place: BlobPlace) {
    this.#place = place;
  }

  async add(blobId: string, at: number): Promise<void> {
    if (!Number.isSafeInteger(at) || at < 0) throw new RangeError(`A time is milliseconds since the epoch, not ${at}`);
    const { folders } = this.#place;
    const [from, to] = [folders.pathOf(blobId), join(folders.quarantine, `${blobId}.${at}`)];
    await this.#makeFolder();
    try {
      await this.#linkDurably(from, to, folders.quarantine);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw storeFailure(`Putting blob ${blobId} into quarantine`, error);
      const isHeld = (await this.#entries()).some((entry) => entry.blobId === blobId);
      if (!isHeld) throw await folders.lookupFailure(blobId, error);
    }
    await this.#unlinkDurably([from], folders.folderOf(blobId));
  }

  /** A blob that was put here several times is listed with its latest time. */
  async list(after: string, limit: number): Promise<readonly QuarantinedBlob[]> {
    const latest = new Map<string, Entry>();
    for (const entry of await this.#entries())
      if (entry.blobId > after && entry.at >= (latest.get(entry.blobId)?.at ?? 0)) latest.set(entry.blobId, entry);
    const wanted = [...latest.values()].sort((a, b) => (a.blobId < b.blobId ? -1 : 1)).slice(0, limit);
    return Promise.all(
      wanted.map(async ({ blobId, at, name }) => ({ blobId, quarantinedAt: at, size: await this.#sizeOf(name) })),
    );
  }

  async restore(blobId: string): Promise<void> {
    const { folders } = this.#place;
    const paths = await this.#pathsOf(blobId);
    const [path] = paths;
    if (path === undefined) {
      const looking = this.#place.files.size(folders.pathOf(blobId));
      await looking.catch(async (error: unknown) => {
        throw await folders.lookupFailure(blobId, error);
      });
    } else await this.#linkBack(blobId, path);
    await this.#unlinkDurably(paths, folders.quarantine);
  }

  async #linkBack(blobId: string, from: string): Promise<void> {
    const { folders } = this.#place;
    await attempt('Making the blob folder', folders.makeFolderOf(blobId));
    const linking = this.#linkDurably(from, folders.pathOf(blobId), folders.folderOf(blobId));
    await attempt(`Restoring blob ${blobId}`, linking);
  }

  async purge(blobId: string): Promise<void> {
    await this.#unlinkDurably(await this.#pathsOf(blobId), this.#place.folders.quarantine);
  }

  /** Gives a file a second name, unless that is there already. */
  async #linkDurably(from: string, to: string, directory: string): Promise<void> {
    const { files, flushes } = this.#place;
    const flush = flushes.begin(directory);
    const linked = await files.link(from, to).then(
      () => true,
      (error: unknown) => {
        if (isErrno(error, 'EEXIST')) return false;
        throw error;
      },
    );
    try {
      await flush();
    } catch (error) {
      // Nobody knows whether the name is on disk, and a second flush may succeed without having written it. So the name
      // is removed.
      if (linked) await files.unlink(to).catch(() => undefined);
      throw error;
    }
  }

  /** Removes names, and flushes even if there is none: whoever removed it may not have flushed the removal. */
  async #unlinkDurably(paths: readonly string[], directory: string): Promise<void> {
    const flush = this.#place.flushes.begin(directory);
    try {
      for (const path of paths) await this.#unlink(path);
      await flush();
    } catch (error) {
      // Without the folder, none of the names exists.
      if (isErrno(error, 'ENOENT')) return;
      for (const path of paths) this.#unsureRemovals.add(path);
      throw storeFailure('Removing a name of a blob', error);
    }
    for (const path of paths) this.#unsureRemovals.delete(path);
  }

  async #unlink(path: string): Promise<void> {
    try {
      await this.#place.files.unlink(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      if (this.#unsureRemovals.has(path)) throw new StoreError('io', 'A flush of its removal failed', { cause: error });
    }
  }

  /** The blob's names in quarantine, including removed ones that may come back after a crash. */
  async #pathsOf(blobId: string): Promise<readonly string[]> {
    const { quarantine } = this.#place.folders;
    const unsure = [...this.#unsureRemovals].filter((path) => dirname(path) === quarantine);
    const entries = [...(await this.#entries()), ...entriesOf(unsure.map((path) => basename(path)))];
    return entries.flatMap((entry) => (entry.blobId === blobId ? [join(quarantine, entry.name)] : []));
  }

  /** Empty if there is no quarantine folder; fails if the store itself is not there. */
  async #entries(): Promise<readonly Entry[]> {
    const { files, folders } = this.#place;
    const names = await files.readdir(folders.quarantine).catch(async (error: unknown) => {
      if (!isErrno(error, 'ENOENT')) throw storeFailure('Listing the quarantine', error);
      await attempt('Looking for the blob folder', files.size(folders.temporary));
      return [];
    });
    return entriesOf(names);
  }

  /** Bytes of a blob; 0 if it was removed meanwhile. */
  async #sizeOf(name: string): Promise<number> {
    const { files, folders } = this.#place;
    return files.size(join(folders.quarantine, name)).catch((error: unknown) => {
      if (isErrno(error, 'ENOENT')) return 0;
      throw storeFailure('Looking at a blob in quarantine', error);
    });
  }

  async #makeFolder(): Promise<void> {
    const { files, folders } = this.#place;
    this.#made ??= makeDurableDirectory(folders.quarantine, files);
    try {
      await this.#made;
    } catch (error) {
      this.#made = undefined;
      throw storeFailure('Making the quarantine folder', error);
    }
  }
}

function entriesOf(names: readonly string[]): readonly Entry[] {
  return names.flatMap((name) => {
    const [, blobId, at] = namePattern.exec(name) ?? [];
    return blobId === undefined ? [] : [{ blobId, at: Number(at), name }];
  });
}
