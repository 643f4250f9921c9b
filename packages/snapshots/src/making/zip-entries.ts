import { nextTurn, StorageError, type FileVersion, type OpenFile } from '@coffer/storage-core';
import type { FileTally, LeftOutFiles, SnapshotFile, SnapshotRecord } from '@coffer/storage-ports';
import { EntryNames } from '../entry-names.ts';
import { snapshotLimits } from '../options.ts';
import { leftOutFile, noFiles, noneLeftOut, withFile } from '../tallies.ts';
import type { ZipEntry } from '../zip-stream.ts';
import type { MakingContext } from './context.ts';
import { SnapshotFailure } from './failures.ts';
import { versionOf } from './upload.ts';

/** Files after which everything else gets its turn, at the latest. */
const filesPerTurn = 50;

/** What one pass over the files has stored, left out and renamed so far. */
export interface PassCounts {
  done: FileTally;
  deleted: LeftOutFiles;
  renamed: SnapshotRecord['renamed'];
}

/** A file was deleted while it was being read, so that what was made of it has to be taken back. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
  readonly code = 'file_gone';
  readonly fileId: string;

  constructor(fileId: string) {
    super('A file was deleted while it was read');
    this.fileId = fileId;
  }
}

/** The files of a snapshot as entries of a ZIP file; `gone`: ids of versions that are to be left out. */
export class ZipEntries {
  readonly counts: PassCounts = { done: noFiles, deleted: noneLeftOut, renamed: { files: 0, names: [] } };
  readonly #context: MakingContext;
  readonly #snapshot: SnapshotRecord;
  readonly #gone: ReadonlySet<string>;
  readonly #names = new EntryNames();

  constructor(context: MakingContext, snapshot: SnapshotRecord, gone: ReadonlySet<string>) {
    this.#context = context;
    this.#snapshot = snapshot;
    this.#gone = gone;
  }

  /** @throws SnapshotFailure, FileGone, StorageError. */
  async *entries(): AsyncGenerator<ZipEntry, void> {
    let rows = 0;
    for await (const files of this.#context.storage.snapshots.files(this.#snapshot.snapshotId)) {
      rows++;
      for (const [index, file] of files.entries()) {
        // Files that were deleted give no piece of the ZIP file, by which everything else would get its turn.
        if (index % filesPerTurn === 0) await this.#turn();
        yield* this.#entryOf(file);
      }
    }
    if (rows !== this.#snapshot.listing.rows)
      throw new SnapshotFailure('internal', 'A part of the list of files is lost.');
  }

  async #turn(): Promise<void> {
    await nextTurn();
    this.#context.signal.throwIfAborted();
  }

  /** The file as an entry; nothing if it was deleted. */
  async *#entryOf(file: SnapshotFile): AsyncGenerator<ZipEntry, void> {
    const version = await this.#versionOf(file);
    const open = version === undefined ? undefined : await this.#open(version);
    if (version === undefined || open === undefined) {
      await this.#leaveOut(file);
      return;
    }
    try {
      yield this.#entry(version, open);
      this.counts.done = withFile(this.counts.done, version.size);
    } finally {
      open.close();
    }
  }

  async #versionOf({ fileId, name, size }: SnapshotFile): Promise<FileVersion | undefined> {
    const version = this.#gone.has(fileId) ? undefined : await versionOf(this.#context.account, fileId);
    if (version === undefined) return undefined;
    const { bucketId, action, encryption } = version;
    const isListed = bucketId === this.#snapshot.bucketId && action === 'upload' && encryption.mode === 'none';
    if (!isListed || version.name !== name || version.size !== size) throw damaged(name);
    return version;
  }

  async #open(version: FileVersion): Promise<OpenFile | undefined> {
    try {
      return await this.#context.account.reads.open(version);
    } catch (error) {
      if (StorageError.is(error, 'file_missing')) return undefined;
      throw readFailure(version, error);
    }
  }

  async #leaveOut({ name, size }: SnapshotFile): Promise<void> {
    // If the whole bucket is gone, there is nothing to be made of what is left.
    if (this.counts.deleted.files === 0) await this.#context.account.buckets.get(this.#snapshot.bucketId);
    this.counts.deleted = leftOutFile(this.counts.deleted, name, size);
  }

  #entry(version: FileVersion, open: OpenFile): ZipEntry {
    const { name, size } = version;
    const { storedAs, isRenamed } = this.#names.next(name, size);
    if (isRenamed) this.#recordName(name, storedAs);
    const entry = { name: storedAs, modified: modificationTime(version) };
    return storedAs.endsWith('/') ? entry : { ...entry, content: this.#contentOf(version, open) };
  }

  #recordName(name: string, storedAs: string): void {
    const { files, names } = this.counts.renamed;
    const told = names.length < snapshotLimits.names ? [...names, { name, storedAs }] : names;
    this.counts.renamed = { files: files + 1, names: told };
  }

  async *#contentOf(version: FileVersion, open: OpenFile): AsyncGenerator<Uint8Array, void> {
    try {
      yield* open.read({ start: 0, length: version.size }, this.#context.signal);
    } catch (error) {
      if (StorageError.is(error, 'file_missing')) throw new FileGone(version.fileId);
      throw readFailure(version, error);
    }
  }
}

function readFailure({ name }: FileVersion, error: unknown): unknown {
  return StorageError.is(error, 'integrity') ? damaged(name, error) : error;
}

function damaged(name: string, cause?: unknown): SnapshotFailure {
  return new SnapshotFailure('file_damaged', `The file ${JSON.stringify(name)} is damaged, so it was not stored.`, {
    cause,
  });
}

/** When the uploader says that the file was changed last, otherwise when it was uploaded. In ms since the epoch. */
function modificationTime({ fileInfo, uploadTimestamp }: FileVersion): number {
  const said = fileInfo['src_last_modified_millis'];
  return said !== undefined && /^[0-9]{1,15}$/.test(said) ? Number(said) : uploadTimestamp;
}
