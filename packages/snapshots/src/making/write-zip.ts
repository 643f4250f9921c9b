import { createHash } from 'node:crypto';
import { rechunk } from '@coffer/bytes';
import { nextTurn, type FilePart, type ListedPart } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import { PieceReader } from '../piece-reader.ts';
import { maximumParts } from '../zip-size.ts';
import { zipOf } from '../zip-stream.ts';
import { advance, type MakingContext } from './context.ts';
import { SnapshotFailure } from './failures.ts';
import type { UploadingSnapshot } from './upload.ts';
import { FileGone, ZipEntries, type PassCounts } from './zip-entries.ts';

/** Bytes that are handed on at once. */
const pieceSize = 65_536;
/** Bytes that are read before everything else in the process gets its turn. */
const bytesPerTurn = 1024 * 1024;
/** How often the record says how far the work is, and is looked at for whether it was cancelled. */
const beatMilliseconds = 1_000;
/**
 * Files may be deleted while they are read so often before the snapshot is given up. Each time everything is read
 * again, so that a client which deletes them on purpose decides how long the work takes. A file that is deleted before
 * its turn to be read has come does not count.
 */
const mostPasses = 100;

/** A ZIP file that is stored as parts of a large file. */
export interface WrittenZip {
  /** The parts to finish the large file with. */
  readonly parts: readonly ListedPart[];
  readonly size: number;
  readonly counts: PassCounts;
}

/** A part that the large file has. */
type StoredPart = Pick<FilePart, 'partNumber' | 'size' | 'entityTag'> & { readonly sha1: string };

/** A stored part is not what the files give now. */
class OtherPart extends Error {
  override readonly name = 'OtherPart';
  readonly code = 'other_part';
}

/**
 * Makes the ZIP file and stores it in parts. Since the same files give the same bytes, parts that are stored already
 * are only compared, by their SHA-1; from the first that differs on they are stored again. The ZIP file is made from
 * its beginning each time, which reads the files and writes nothing.
 */
export async function writeZip(context: MakingContext, snapshot: UploadingSnapshot): Promise<WrittenZip> {
  const parts = await storedParts(context, snapshot);
  const gone = new Set<string>();
  for (let pass = 1; pass <= mostPasses; pass++) {
    const writer = new ZipWriter(context, snapshot, parts, new ZipEntries(context, snapshot, gone));
    try {
      return await writer.write();
    } catch (error) {
      if (error instanceof FileGone) gone.add(error.fileId);
      else if (!(error instanceof OtherPart)) throw error;
    }
  }
  throw new SnapshotFailure('files_changing', 'Files were deleted too often while they were read. Try again.');
}

async function storedParts({ account }: MakingContext, { upload }: UploadingSnapshot): Promise<StoredPart[]> {
  const stored: StoredPart[] = [];
  for (let startPartNumber: number | null = 1; startPartNumber !== null;) {
    const page = await account.largeFiles.listParts({ fileId: upload.fileId, startPartNumber, limit: 1_000 });
    for (const part of page.parts) stored[part.partNumber - 1] = { ...part, sha1: part.contentSha1.sha1 };
    startPartNumber = page.nextPartNumber;
  }
  return stored;
}

/** One pass over all files. */
class ZipWriter {
  readonly #context: MakingContext;
  readonly #snapshot: UploadingSnapshot;
  /** By number less one. What is stored or found to be another is changed here, for the next pass. */
  readonly #parts: StoredPart[];
  readonly #entries: ZipEntries;
  readonly #listed: ListedPart[] = [];
  #size = 0;
  #sinceTurn = 0;
  #lastBeat: number;

  constructor(context: MakingContext, snapshot: UploadingSnapshot, parts: StoredPart[], entries: ZipEntries) {
    this.#context = context;
    this.#snapshot = snapshot;
    this.#parts = parts;
    this.#entries = entries;
    this.#lastBeat = context.clock.now();
  }

  async write(): Promise<WrittenZip> {
    const watch: { failure?: unknown } = {};
    const reader = new PieceReader(this.#watched(watch));
    try {
      while (await reader.hasMore()) {
        const partNumber = this.#listed.length + 1;
        if (partNumber > maximumParts) throw new SnapshotFailure('too_large', 'The ZIP file has too many parts.');
        const data = reader.take(this.#snapshot.upload.partSize);
        const part = await this.#context.parts.run(() => this.#part(partNumber, data));
        this.#listed.push({ partNumber, entityTag: part.entityTag });
      }
      return { parts: this.#listed, size: this.#size, counts: this.#entries.counts };
    } catch (error) {
      // Whoever stores a part may have put the failure of its data into other words.
      throw 'failure' in watch ? watch.failure : error;
    } finally {
      await reader.close();
    }
  }

  async #part(partNumber: number, data: AsyncIterable<Uint8Array>): Promise<StoredPart> {
    const known = this.#parts[partNumber - 1];
    return known === undefined ? this.#store(partNumber, data) : this.#compare(known, data);
  }

  async #store(partNumber: number, stream: AsyncIterable<Uint8Array>): Promise<StoredPart> {
    const { account, signal } = this.#context;
    const { fileId, partSize } = this.#snapshot.upload;
    const content = { body: { stream, length: undefined, maximum: partSize }, sha1: { kind: 'computed' } } as const;
    const part = await account.largeFiles.uploadPart({ fileId, partNumber, isSnapshot: true }, { ...content, signal });
    const stored = { ...part, sha1: part.contentSha1.sha1 };
    this.#parts[partNumber - 1] = stored;
    await this.#beat();
    return stored;
  }

  async #compare(known: StoredPart, data: AsyncIterable<Uint8Array>): Promise<StoredPart> {
    const digest = createHash('sha1');
    let size = 0;
    for await (const piece of data) {
      digest.update(piece);
      size += piece.length;
    }
    if (size === known.size && digest.digest('hex') === known.sha1) return known;
    this.#parts.length = known.partNumber - 1;
    throw new OtherPart(`Part ${known.partNumber} is another than the files give now`);
  }

  /** The ZIP file in pieces. Remembers why it failed. */
  async *#watched(watch: { failure?: unknown }): AsyncGenerator<Uint8Array, void> {
    const pieceLength = Math.min(pieceSize, this.#snapshot.upload.partSize);
    try {
      for await (const piece of rechunk(this.#turning(zipOf(this.#entries.entries())), pieceLength)) {
        this.#size += piece.length;
        if (this.#context.clock.now() - this.#lastBeat >= beatMilliseconds) await this.#beat();
        yield piece;
      }
    } catch (error) {
      watch.failure = error;
      throw error;
    }
  }

  /** Lets everything else have its turn, however small the pieces are and however quickly they come. */
  async *#turning(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const piece of pieces) {
      this.#sinceTurn += piece.length + bytesPerTurn / 500;
      if (this.#sinceTurn >= bytesPerTurn) {
        this.#sinceTurn = 0;
        await nextTurn();
      }
      yield piece;
    }
  }

  /** Records how far the work is. @throws SnapshotEnded if the snapshot was cancelled. */
  async #beat(): Promise<void> {
    this.#lastBeat = this.#context.clock.now();
    await advance(this.#context, this.#snapshot, (before) => ({ snapshot: withCounts(before, this.#entries.counts) }));
  }
}

/** The record with what a pass has come to. */
export function withCounts(snapshot: SnapshotRecord, { done, deleted, renamed }: PassCounts): SnapshotRecord {
  return { ...snapshot, done, deleted, renamed };
}
