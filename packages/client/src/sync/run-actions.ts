import { inParallel } from '../sources/in-parallel.ts';
import type { SyncAction, SyncOptions } from './sync-options.ts';

/** Does one action; `report` is told how many bytes of it have been transferred. */
export type Perform = (action: SyncAction, report: (bytes: number) => void, signal: AbortSignal) => Promise<void>;

/**
 * Does groups of actions, one group after the other, those of a group at the same time. Refused names are told first.
 * The first failure ends all; with `continueOnError` it becomes an action, unless `onProgress` has thrown it, and only
 * removals that were still to come are left undone, since what failed may be the reason that they seemed to be wanted.
 *
 * @returns What was done, or would be.
 */
export async function runActions(
  groups: readonly (readonly SyncAction[])[],
  options: SyncOptions,
  perform: Perform,
): Promise<SyncAction[]> {
  const { dryRun = false, parallel = 4, continueOnError = false, onAction, onProgress, signal } = options;
  const all = groups.flat();
  if (dryRun) return all;
  const results: SyncAction[] = [];
  const tell = (action: SyncAction) => {
    results.push(action);
    onAction?.(action);
  };
  for (const action of all) if (action.kind === 'refuse') tell(action);
  const totalBytes = all.reduce((sum, action) => sum + ('size' in action ? action.size : 0), 0);
  let done = 0;
  for (const group of groups) {
    const mayRemove = results.every(({ kind }) => kind !== 'fail');
    await inParallel(each(group), parallel, signal, async (action, one) => {
      if (!mayRemove && (action.kind === 'hide' || action.kind === 'delete')) {
        tell({ kind: 'refuse', name: action.name, reason: 'it is not removed, since other files have failed' });
        return;
      }
      let before = 0;
      let ofCaller: { readonly error: unknown } | undefined;
      const report = (bytes: number) => {
        done += bytes - before;
        before = bytes;
        try {
          onProgress?.({ bytes: done, totalBytes });
        } catch (error) {
          ofCaller ??= { error };
          throw error;
        }
      };
      try {
        await perform(action, report, one);
      } catch (error) {
        // What the caller's own function throws is no failure of the file.
        if (ofCaller !== undefined) throw ofCaller.error;
        if (!continueOnError || one.aborted) throw error;
        tell({ kind: 'fail', name: action.name, error });
        return;
      }
      tell(action);
    });
  }
  return results;
}

function* each(actions: readonly SyncAction[]): Generator<SyncAction, void> {
  for (const action of actions) if (action.kind !== 'refuse') yield action;
}
