import { collect, concatBytes, type ByteStream } from '@coffer/bytes';
import { StoreError, type BlobFileSystem, type BlobStore } from '@coffer/storage-ports';
import type { PowerCutDisk } from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import { openFileBlobStore } from '../src/file-blob-store.ts';

/** What is done to a blob store; `sizes` are the pieces of a blob, in bytes. */
export type SimpleStep =
  | { readonly kind: 'write'; readonly id: string; readonly sizes: readonly number[] }
  /** An upload whose stream fails after its pieces. */
  | { readonly kind: 'broken'; readonly id: string; readonly sizes: readonly number[] }
  | { readonly kind: 'delete' | 'quarantine' | 'restore' | 'purge'; readonly id: string };

export type BlobStep =
  | SimpleStep
  | { readonly kind: 'together'; readonly steps: readonly SimpleStep[] }
  /** The process is killed and started again; the machine goes on. */
  | { readonly kind: 'restart' };

/** Noted in the disk's history. */
export type BlobMark =
  | { readonly kind: 'begin-write' | 'written' | 'begin-delete' | 'deleted'; readonly id: string }
  | { readonly kind: 'begin-quarantine' | 'quarantined' | 'begin-restore' | 'restored'; readonly id: string }
  | { readonly kind: 'begin-purge' | 'purged'; readonly id: string }
  | { readonly kind: 'opened' };

/** What is promised of a name: that it is there, that it is not, or nothing. */
type Promised = 'there' | 'gone' | 'open';

/** What is promised of a blob. */
interface BlobState {
  readonly inPlace: Promised;
  readonly inQuarantine: Promised;
  /** Whether it must be in one of the two, whichever. */
  readonly kept: boolean;
}

const unknown: BlobState = { inPlace: 'gone', inQuarantine: 'gone', kept: false };

/** The state after a mark: a step that has begun may have done any part of its work. */
function stateAfter(before: BlobState, kind: Exclude<BlobMark['kind'], 'opened'>): BlobState {
  switch (kind) {
    case 'written':
      return { ...before, inPlace: 'there', kept: true };
    case 'begin-write':
      return { ...before, inPlace: before.inPlace === 'there' ? 'there' : 'open' };
    case 'begin-delete':
      return { ...before, inPlace: 'open', kept: before.inQuarantine === 'there' };
    case 'deleted':
      return { ...before, inPlace: 'gone' };
    case 'begin-quarantine':
    case 'begin-restore':
      return { ...before, inPlace: 'open', inQuarantine: 'open' };
    case 'quarantined':
      return { inPlace: 'gone', inQuarantine: 'there', kept: true };
    case 'restored':
      return { inPlace: 'there', inQuarantine: 'gone', kept: true };
    case 'begin-purge':
      return { ...before, inQuarantine: 'open', kept: before.inPlace === 'there' };
    case 'purged':
      return { ...before, inQuarantine: 'gone' };
  }
}

/** Steps done on a modelled disk, and what must hold whenever its power is cut. */
export class BlobWorkload {
  readonly disk: PowerCutDisk<BlobMark>;
  readonly #root: string;
  readonly #files: BlobFileSystem;
  /** Contents of each attempt to write an id; any of them may be there while none was acknowledged. */
  readonly #contents = new Map<string, Uint8Array[]>();

  #time = 0;

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
    const held = (await store.listQuarantine({ limit: 100 })).map(({ blobId }) => blobId);
    for (const id of [...listed, ...held]) assert.ok(states.has(id), `${id} appeared`);
    for (const [id, { inPlace, inQuarantine, kept }] of states) {
      requirePromised(inPlace, listed.includes(id), id);
      requirePromised(inQuarantine, held.includes(id), `${id} in quarantine`);
      assert.ok(!kept || listed.includes(id) || held.includes(id), `${id} is lost`);
      if (listed.includes(id)) await this.#requireWhole(store, id);
    }
    await this.#checkQuarantine(store, held, listed);
    await store.write('zzlater', oneByte());
    assert.equal(await store.size('zzlater'), 1);
  }

  /** What is in quarantine can be restored, and is whole then. */
  async #checkQuarantine(store: BlobStore, held: readonly string[], listed: readonly string[]): Promise<void> {
    for (const id of held) {
      await store.restore(id);
      await this.#requireWhole(store, id);
    }
    assert.deepEqual(await store.listQuarantine({ limit: 100 }), []);
    assert.deepEqual(await store.list({ limit: 100 }), [...new Set([...listed, ...held])].sort());
  }

  async #requireWhole(store: BlobStore, id: string): Promise<void> {
    const bytes = await collect(await store.read(id), 100_000);
    const contents = this.#contents.get(id) ?? [];
    assert.ok(
      contents.some((content) => Buffer.compare(content, bytes) === 0),
      `${id} is not whole`,
    );
  }

  /** A failing open is tried once more, as an operator would; the disk of a workload fails one flush at most. */
  async #open(): Promise<BlobStore> {
    return openFileBlobStore(this.#root, this.#files).catch(() => openFileBlobStore(this.#root, this.#files));
  }

  async #do(store: BlobStore, step: SimpleStep): Promise<void> {
    const { id } = step;
    try {
      if (step.kind !== 'write' && step.kind !== 'broken') {
        const done = { delete: 'deleted', quarantine: 'quarantined', restore: 'restored', purge: 'purged' } as const;
        this.disk.mark({ kind: `begin-${step.kind}`, id });
        await (step.kind === 'quarantine' ? store.quarantine(id, ++this.#time) : store[step.kind](id));
        this.disk.mark({ kind: done[step.kind], id });
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

  #statesAt(length: number): ReadonlyMap<string, BlobState> {
    const states = new Map<string, BlobState>();
    for (const entry of this.disk.history.slice(0, length)) {
      if (entry.kind !== 'mark' || entry.mark.kind === 'opened') continue;
      const { kind, id } = entry.mark;
      states.set(id, stateAfter(states.get(id) ?? unknown, kind));
    }
    return states;
  }
}

function requirePromised(promised: Promised, isThere: boolean, what: string): void {
  if (promised === 'there') assert.ok(isThere, `${what}: acknowledged and is gone`);
  if (promised === 'gone') assert.ok(!isThere, `${what}: removed and is there`);
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
