import { collect, concatBytes, type ByteStream } from '@coffer/bytes';
import { StoreError, type BlobStore } from '@coffer/storage-ports';
import type { PowerCutDisk } from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import type { BlobFileSystem } from '../src/blob-file-system.ts';
import { openFileBlobStore } from '../src/file-blob-store.ts';

/** What is done to a blob store; `sizes` are the pieces of a blob, in bytes. */
export type SimpleStep =
  | { readonly kind: 'write'; readonly id: string; readonly sizes: readonly number[] }
  /** An upload whose stream fails after its pieces. */
  | { readonly kind: 'broken'; readonly id: string; readonly sizes: readonly number[] }
  | { readonly kind: 'delete'; readonly id: string };

export type BlobStep =
  | SimpleStep
  | { readonly kind: 'together'; readonly steps: readonly SimpleStep[] }
  /** The process is killed and started again; the machine goes on. */
  | { readonly kind: 'restart' };

/** Noted in the disk's history. */
export type BlobMark =
  | { readonly kind: 'begin-write' | 'written' | 'begin-delete' | 'deleted'; readonly id: string }
  | { readonly kind: 'opened' };

/** Steps done on a modelled disk, and what must hold whenever its power is cut. */
export class BlobWorkload {
  readonly disk: PowerCutDisk<BlobMark>;
  readonly #root: string;
  readonly #files: BlobFileSystem;
  /** Contents of each attempt to write an id; any of them may be there while none was acknowledged. */
  readonly #contents = new Map<string, Uint8Array[]>();

  constructor(disk: PowerCutDisk<BlobMark>, root: string, breaks: (files: BlobFileSystem) => BlobFileSystem) {
    this.disk = disk;
    this.#root = root;
    this.#files = breaks(disk);
  }

  async run(steps: readonly BlobStep[]): Promise<void> {
    let store = await this.#open();
    for (const step of steps) {
      if (step.kind === 'restart') store = await this.#open();
      else if (step.kind === 'together') await Promise.all(step.steps.map((inner) => this.#do(store, inner)));
      else await this.#do(store, step);
    }
  }

  /** Checks the promise on the store as opened after a cut at `length`. @throws what is broken. */
  async check(store: BlobStore, length: number, disk: PowerCutDisk<BlobMark>): Promise<void> {
    await store.sweep();
    assert.deepEqual(await disk.readdir(`${this.#root}/tmp`), [], 'leftovers after the sweep');
    const states = this.#statesAt(length);
    const listed = await store.list({ limit: 100 });
    for (const id of listed) assert.ok(states.has(id), `${id} appeared`);
    for (const [id, state] of states) {
      if (!listed.includes(id)) {
        assert.notEqual(state, 'there', `${id} was acknowledged and is gone`);
        continue;
      }
      assert.notEqual(state, 'gone', `${id} was deleted and is there`);
      const bytes = await collect(await store.read(id), 100_000);
      assert.ok(
        this.#contents.get(id)?.some((content) => Buffer.compare(content, bytes) === 0),
        `${id} is not whole`,
      );
    }
    await store.write('zzlater', oneByte());
    assert.equal(await store.size('zzlater'), 1);
  }

  /** A failing open is tried once more, as an operator would; the disk of a workload fails one flush at most. */
  async #open(): Promise<BlobStore> {
    return openFileBlobStore(this.#root, this.#files).catch(() => openFileBlobStore(this.#root, this.#files));
  }

  async #do(store: BlobStore, step: SimpleStep): Promise<void> {
    const { id } = step;
    try {
      if (step.kind === 'delete') {
        this.disk.mark({ kind: 'begin-delete', id });
        await store.delete(id);
        this.disk.mark({ kind: 'deleted', id });
        return;
      }
      const attempt = this.#contents.get(id)?.length ?? 0;
      const pieces = step.sizes.map((size, n) => new Uint8Array(size).fill(1 + attempt * 16 + n));
      this.#contents.set(id, [...(this.#contents.get(id) ?? []), concatBytes(pieces)]);
      this.disk.mark({ kind: 'begin-write', id });
      await store.write(id, streamOfPieces(pieces, step.kind === 'broken'));
      this.disk.mark({ kind: 'written', id });
    } catch (error) {
      if (error === brokenOff) return;
      assert.ok(error instanceof StoreError, String(error));
    }
  }

  /** What is promised of each id at a moment: `there`, `gone`, or nothing (`open`). */
  #statesAt(length: number): ReadonlyMap<string, 'there' | 'gone' | 'open'> {
    const states = new Map<string, 'there' | 'gone' | 'open'>();
    for (const entry of this.disk.history.slice(0, length)) {
      if (entry.kind !== 'mark' || entry.mark.kind === 'opened') continue;
      const { kind, id } = entry.mark;
      if (kind === 'written') states.set(id, 'there');
      else if (kind === 'deleted') states.set(id, 'gone');
      else if (kind === 'begin-delete' || states.get(id) !== 'there') states.set(id, 'open');
    }
    return states;
  }
}

const brokenOff = new Error('The upload broke off');

async function* streamOfPieces(
  pieces: readonly Uint8Array[],
  breaks: boolean,
): ByteStream & AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  yield* pieces;
  if (breaks) throw brokenOff;
}

async function* oneByte(): AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  yield Uint8Array.of(1);
}
