import type { FileVersionRecord, LifecycleRule } from '@coffer/storage-ports';
import type { LifecycleOutcome } from '../src/services/lifecycle.ts';
import type { Storage } from '../src/services/storage.ts';

export const day = 86_400_000;

/** A rule that does nothing but what is said. */
export function rule(changes: Partial<LifecycleRule> = {}): LifecycleRule {
  return {
    fileNamePrefix: '',
    daysFromUploadingToHiding: null,
    daysFromHidingToDeleting: null,
    daysFromStartingToCancelingUnfinishedLargeFiles: null,
    ...changes,
  };
}

/** Runs the lifecycle rules to the end. */
export async function runAll(
  storage: Storage,
  options: { readonly dryRun?: boolean } = {},
): Promise<LifecycleOutcome[]> {
  const outcomes: LifecycleOutcome[] = [];
  for await (const outcome of storage.lifecycle.run(options)) outcomes.push(outcome);
  return outcomes;
}

/** Each outcome as `result kind name`. */
export function told(outcomes: readonly LifecycleOutcome[]): string[] {
  return outcomes.map(({ action, result }) => `${result} ${action.kind} ${action.name}`);
}

/** Every version of a bucket: name ascending, newest first. */
export async function allVersions(storage: Storage, bucketId: string): Promise<FileVersionRecord[]> {
  const { rows } = await storage.listings.versions({ bucketId, limit: 10_000 });
  return rows.flatMap((row) => (row.kind === 'version' ? [row.version] : []));
}
