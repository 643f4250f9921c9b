import { statfs } from 'node:fs/promises';
import { StoreError } from '@coffer/storage-ports';
import { applyCommit, type EncodedCommit } from './encoded-commit.ts';
import type { LmdbEnvironment } from './lmdb-environment.ts';
import { inTurn } from './process-turns.ts';
import type { SpaceReserve } from './space-reserve.ts';
import { storeFailure } from './store-failure.ts';

/** Limits of a group, so that one transaction neither holds the event loop for long nor has too many dirty pages. */
const groupLimit = { commits: 1_000, bytes: 8 * 1024 * 1024 };

/** Bytes that a small commit needs: a disk with less free space counts as full. */
const minimalSpace = 1024 * 1024;

const versionKey = new TextEncoder().encode('lastVersion');

interface Waiting {
  readonly commit: EncodedCommit;
  readonly settle: (error: StoreError | undefined) => void;
}

/**
 * Applies commits in groups: whatever has arrived by the time the write lock is held shares one transaction and so one
 * flush. Only one transaction is under way at a time, so that no other is already queued behind one that fails.
 */
export class GroupCommit {
  readonly #environment: LmdbEnvironment;
  readonly #reserve: SpaceReserve;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #refusal: StoreError | undefined;
  /** Transactions made so far. */
  transactions = 0;

  constructor(environment: LmdbEnvironment, reserve: SpaceReserve) {
    this.#environment = environment;
    this.#reserve = reserve;
  }

  /** Resolves once the commit is on disk. */
  async add(commit: EncodedCommit): Promise<void> {
    if (!commit.frees) await this.#reserve.require();
    const error = await new Promise<StoreError | undefined>((settle) => {
      this.#waiting.push({ commit, settle });
      this.#running ??= this.#run();
    });
    if (error !== undefined) throw error;
  }

  /** Resolves when no commit is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#refusal === undefined) await this.#commitGroup();
      else for (const { settle } of this.#waiting.splice(0)) settle(this.#refusal);
    }
    this.#running = undefined;
  }

  async #commitGroup(): Promise<void> {
    let group: readonly Waiting[] = [];
    let applied = false;
    this.transactions++;
    try {
      // As a child transaction, so that a write that throws takes back all that the group wrote before it.
      const { directory, root } = this.#environment;
      const outcomes = await inTurn(directory, () =>
        root.childTransaction(() => {
          group = this.#takeGroup();
          const results = this.#apply(group);
          applied = true;
          return results;
        }),
      );
      group.forEach(({ settle }, i) => {
        settle(outcomes[i]);
      });
    } catch (error) {
      const failure = await this.#failureOf(error, group);
      await this.#afterFailure(failure, applied);
      const again = await this.#againFromReserve(failure, group);
      this.#waiting.unshift(...again);
      for (const waiting of group) if (!again.includes(waiting)) waiting.settle(this.#refusal ?? failure);
    }
  }

  /**
   * The commits of a group that are to be tried once more: on a full disk, those that free space get the space that was
   * kept back for them.
   */
  async #againFromReserve(failure: StoreError, group: readonly Waiting[]): Promise<readonly Waiting[]> {
    const freeing = group.filter(({ commit }) => commit.frees);
    if (failure.code !== 'full' || this.#refusal !== undefined || freeing.length === 0) return [];
    return (await this.#reserve.release()) ? freeing : [];
  }

  /**
   * The failure of a transaction. LMDB reports a disk that fills up in the middle of a write as EIO, so the free space
   * has to be checked.
   */
  async #failureOf(error: unknown, group: readonly Waiting[]): Promise<StoreError> {
    const failure = storeFailure('The commit', await realCause(error));
    const needed = minimalSpace + 4 * group.reduce((sum, { commit }) => sum + commit.size, 0);
    if (failure.code === 'full' || (await freeBytes(this.#environment.directory)) >= needed) return failure;
    return new StoreError('full', 'The commit failed: no space left', { cause: failure.cause });
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex(({ commit }, i) => (bytes += commit.size) > groupLimit.bytes && i > 0);
    return this.#waiting.splice(0, Math.min(groupLimit.commits, fits === -1 ? this.#waiting.length : fits));
  }

  #apply(group: readonly Waiting[]): readonly (StoreError | undefined)[] {
    const { state } = this.#environment;
    const before = state.get(versionKey);
    let version = before === undefined ? 0 : readCounter(before);
    const outcomes = group.map(({ commit }) => {
      const outcome = applyCommit(commit, version + 1);
      if (outcome === undefined) version += commit.numbers;
      return outcome;
    });
    state.putSync(versionKey, counter(version));
    return outcomes;
  }

  /**
   * Refuses further commits unless it is certain that a failed transaction wrote nothing. That is certain for a lack of
   * space, which shows before LMDB writes its meta page; if it shows while the meta page is written, LMDB refuses every
   * further transaction. After any other failure of the commit, nobody knows what is on the disk.
   */
  async #afterFailure(failure: StoreError, applied: boolean): Promise<void> {
    if ((failure.code === 'full' || !applied) && (await this.#takesTransactions())) return;
    this.#refusal = new StoreError('io', 'A commit may or may not have taken effect: the store must be opened again', {
      cause: failure,
    });
  }

  #takesTransactions(): Promise<boolean> {
    const { directory, root } = this.#environment;
    return inTurn(directory, () => root.transactionSync(() => true)).catch(() => false);
  }
}

/** lmdb-js rejects with a general error and leaves the reason in a promise on it. */
async function realCause(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (reason) {
    return reason;
  }
}

/** Free bytes of the directory's file system; Infinity if that is unknown. */
async function freeBytes(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

function counter(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function readCounter(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
}
