import { inParallel } from '../sources/in-parallel.ts';
import type { SyncAction, SyncOptions } from './sync-options.ts';

/** Does one action; `report` is told how many bytes of it have been transferred. */
export type Perform = (action: SyncAction, report: (bytes: number) => void, signal: AbortSignal) => Promise<void>;

/**
 * Does groups of actions, one group after the other, those of a group at the same time. Refused names are told first.
 * The first failure ends all.
 */
export async function runActions(
  groups: readonly (readonly SyncAction[])[],
  options: SyncOptions,
  perform: Perform,
): Promise<SyncAction[]> {
  const { dryRun = false, parallel = 4, onAction, onProgress, signal } = options;
  const all = groups.flat();
  if (dryRun) return all;
  for (const action of all) if (action.kind === 'refuse') onAction?.(action);
  const totalBytes = all.reduce((sum, action) => sum + ('size' in action ? action.size : 0), 0);
  let done = 0;
  for (const group of groups) {
    await inParallel(each(group), parallel, signal, async (action, one) => {
      let before = 0;
      const report = (bytes: number) => {
        done += bytes - before;
        before = bytes;
        onProgress?.({ bytes: done, totalBytes });
      };
      await perform(action, report, one);
      onAction?.(action);
    });
  }
  return all;
}

function* each(actions: readonly SyncAction[]): Generator<SyncAction, void> {
  for (const action of actions) if (action.kind !== 'refuse') yield action;
}
