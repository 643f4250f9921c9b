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
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: WorkProgress) => void },
): Promise<WorkResult> {
  const failures: WorkFailure[] = [];
  const running = new Set<Promise<void>>();
  let [done, bytes, failed] = [0, 0, 0];
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
    onProgress({ done, bytes, failed });
  };
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      const one: Promise<void> = perform(item).finally(() => running.delete(one));
      running.add(one);
      if (running.size >= parallel) await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
  }
  signal.throwIfAborted();
  return { done, bytes, failed, failures };
}
