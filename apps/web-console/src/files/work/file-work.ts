import type { WorkItem } from './file-selection.ts';

/** How many requests are under way at a time. */
const parallel = 8;
/** The most failures that are listed; all of them are counted. */
const maxListedFailures = 1_000;

/** How much something is. */
export interface WorkCount {
  /** Names. */
  readonly files: number;
  /** File versions with content. */
  readonly versions: number;
  readonly hideMarkers: number;
  readonly unfinished: number;
  /** Of all versions. */
  readonly bytes: number;
}

const nothing: WorkCount = { files: 0, versions: 0, hideMarkers: 0, unfinished: 0, bytes: 0 };

/** What a count is made of, as rows of a database would be: all of them together. */
export function itemsIn({ versions, hideMarkers, unfinished }: WorkCount): number {
  return versions + hideMarkers + unfinished;
}

/**
 * Counts what is there, without keeping it. `onProgress` is called for every thousand items.
 *
 * Versions of a name follow each other.
 */
export async function countWork(
  items: AsyncIterable<WorkItem>,
  onProgress: (count: WorkCount) => void,
): Promise<WorkCount> {
  const count = { ...nothing };
  let previous: string | undefined;
  for await (const { name, size, kind } of items) {
    if (name !== previous) count.files++;
    previous = name;
    if (kind === 'file') count.versions++;
    else if (kind === 'hideMarker') count.hideMarkers++;
    else count.unfinished++;
    count.bytes += size;
    if (itemsIn(count) % 1_000 === 0) onProgress({ ...count });
  }
  return count;
}

/** The most items that are remembered one by one: some hundred bytes of memory each. */
const maxRemembered = 1_000_000;

/**
 * What was counted, so that nothing else is worked on. An unfinished large file that has been finished since is
 * something else. Behind the first million, everything that is not newer than the newest counted item passes as
 * counted.
 */
export class CountedItems {
  readonly #limit: number;
  readonly #kinds = new Map<string, WorkItem['kind']>();
  #newest = -Infinity;

  constructor(limit = maxRemembered) {
    this.#limit = limit;
  }

  add({ fileId, kind, time }: WorkItem): void {
    if (this.#kinds.size < this.#limit) this.#kinds.set(fileId, kind);
    this.#newest = Math.max(this.#newest, time);
  }

  has({ fileId, kind, time }: WorkItem): boolean {
    const counted = this.#kinds.get(fileId);
    if (counted !== undefined) return counted === kind;
    return this.#kinds.size >= this.#limit && time <= this.#newest;
  }

  /** The items, each noted as counted when it is passed on. */
  async *note(items: AsyncIterable<WorkItem>): AsyncGenerator<WorkItem, void> {
    for await (const item of items) {
      this.add(item);
      yield item;
    }
  }
}

/** Something that could not be done. */
export interface WorkFailure {
  readonly item: WorkItem;
  readonly error: unknown;
}

/** How far the work is. */
export interface WorkProgress {
  readonly done: number;
  readonly bytes: number;
  readonly failed: number;
  /** What was left out because it came after the count. */
  readonly skipped: number;
}

interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkProgress) => void;
  /** Nothing else is worked on. Default: everything is. */
  readonly counted?: Pick<CountedItems, 'has'>;
}

/** What came of it. */
export interface WorkResult extends WorkProgress {
  /** The first of what failed. */
  readonly failures: readonly WorkFailure[];
}

/**
 * Does something with each item, several at a time. What fails is noted, and the others go on.
 *
 * @throws what the listing of the items throws, and the signal's reason; what is under way then has come to its end.
 */
export async function runWork(
  items: AsyncIterable<WorkItem>,
  act: (item: WorkItem) => Promise<unknown>,
  { signal, onProgress, counted }: WorkOptions,
): Promise<WorkResult> {
  const failures: WorkFailure[] = [];
  const running = new Set<Promise<void>>();
  let [done, bytes, failed, skipped] = [0, 0, 0, 0];
  const perform = async (item: WorkItem): Promise<void> => {
    try {
      await act(item);
      done++;
      bytes += item.size;
    } catch (error) {
      if (signal.aborted) return;
      failed++;
      if (failures.length < maxListedFailures) failures.push({ item, error });
    }
    onProgress({ done, bytes, failed, skipped });
  };
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      if (counted && !counted.has(item)) {
        skipped++;
        continue;
      }
      const one: Promise<void> = perform(item).finally(() => running.delete(one));
      running.add(one);
      if (running.size >= parallel) await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
  }
  signal.throwIfAborted();
  return { done, bytes, failed, skipped, failures };
}

type Act = (item: WorkItem, signal: AbortSignal) => Promise<unknown>;

/** Has items of one name wait for each other, in the order in which they come; those of different names do not. */
export function inTurn(act: Act): Act {
  const last = new Map<string, Promise<unknown>>();
  const actAfter = async (before: Promise<unknown> | undefined, item: WorkItem, signal: AbortSignal): Promise<void> => {
    await before;
    signal.throwIfAborted();
    await act(item, signal);
  };
  return async (item, signal) => {
    const { name } = item;
    const own = actAfter(last.get(name), item, signal);
    // What fails does not keep the next one from its turn.
    const over = own.catch(() => undefined);
    last.set(name, over);
    await own.finally(() => {
      if (last.get(name) === over) last.delete(name);
    });
  };
}
