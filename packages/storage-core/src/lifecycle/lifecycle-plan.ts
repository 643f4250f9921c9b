import type { Core } from '../core/core.ts';
import { dueCancellations } from './lifecycle-cancellations.ts';
import { dueDeletions } from './lifecycle-deletions.ts';
import { dueHides } from './lifecycle-hides.ts';
import type { RuleScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import { rowsOf } from '../listings/table-pages.ts';

const wholeTable = { start: new Uint8Array(0), end: undefined };

/** `LifecycleService.plan`. */
export async function* planLifecycle(
  core: Core,
  now: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<LifecycleAction, void> {
  for await (const { value: bucket } of rowsOf(core.metadata, 'buckets', wholeTable, signal)) {
    for (const rule of bucket.lifecycleRules) yield* planRule(core, { bucket, rule, now, signal });
  }
}

/** Each kind of action is looked for in the smallest table that shows it. */
async function* planRule(core: Core, scope: RuleScope): AsyncGenerator<LifecycleAction, void> {
  const { rule } = scope;
  if (rule.daysFromStartingToCancelingUnfinishedLargeFiles !== null) yield* dueCancellations(core, scope);
  if (rule.daysFromUploadingToHiding !== null) yield* dueHides(core, scope);
  if (rule.daysFromHidingToDeleting !== null) yield* dueDeletions(core, scope);
}
