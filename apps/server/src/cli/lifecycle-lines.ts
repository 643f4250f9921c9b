import type { LifecycleOutcome } from '@coffer/storage-core';

/** How many actions had each outcome. */
export type LifecycleCounts = Record<LifecycleOutcome['result'], number>;

/** One line for an action. The name is quoted as in JSON, since it may have spaces and quotation marks. */
export function lifecycleLine(outcome: LifecycleOutcome): string {
  const { kind, bucketName, name, fileId } = outcome.action;
  const line = `${outcome.result.padEnd(8)}${kind.padEnd(20)}${bucketName} ${JSON.stringify(name)} ${fileId}`;
  return outcome.result === 'failed' ? `${line} (${outcome.error.message})` : line;
}

/** The summary of a run. */
export function lifecycleSummary(
  { done, planned, skipped, failed }: LifecycleCounts,
  { dryRun, isStopped }: { readonly dryRun: boolean; readonly isStopped: boolean },
): string {
  const facts = [
    dryRun ? `${actions(planned)} to do; nothing was changed` : `${actions(done)} done`,
    ...(skipped > 0 ? [`${skipped} skipped, because they were no longer asked for`] : []),
    ...(failed > 0 ? [`${failed} failed; the next run tries again`] : []),
    ...(isStopped ? [dryRun ? 'stopped before the end' : 'stopped before the end; the next run goes on'] : []),
  ];
  return `${facts.join('; ')}.`;
}

function actions(count: number): string {
  return count === 1 ? '1 action' : `${count} actions`;
}
