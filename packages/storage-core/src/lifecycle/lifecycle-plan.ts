import type { BucketRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { keyParts } from '../core/key-parts.ts';
import { soundRowsOf, type UnsoundRow } from '../core/sound-rows.ts';
import { Turns } from '../core/turns.ts';
import { dueCancellations } from './lifecycle-cancellations.ts';
import { dueDeletions } from './lifecycle-deletions.ts';
import { dueHides } from './lifecycle-hides.ts';
import type { BucketScope, RuleScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import type { BucketLifecycleFailure } from '../services/lifecycle-error.ts';

const wholeTable = { start: new Uint8Array(0), end: undefined };

/** The time for which rules are judged, and the signal that ends the work. */
export interface PlanTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/** What the rules of one bucket ask for. */
export interface BucketPlan {
  readonly bucket: BucketRecord;
  readonly actions: AsyncGenerator<LifecycleAction, void>;
}

/**
 * The plans of all buckets that have rules, each made while it is read, and the failures of those whose records are
 * damaged.
 */
export async function* planLifecycle(
  core: Core,
  { now, signal }: PlanTime,
): AsyncGenerator<BucketPlan | BucketLifecycleFailure, void> {
  const turns = new Turns();
  for await (const row of soundRowsOf(core.metadata, 'buckets', wholeTable, { signal, turns })) {
    if ('unsound' in row) yield failureOf(row);
    else if (row.value.lifecycleRules.length > 0)
      yield { bucket: row.value, actions: planBucket(core, { bucket: row.value, now, signal, turns }) };
  }
}

/** What is known of a bucket whose record is damaged: its id, which is the row's key, and so no name. */
function failureOf({ key, unsound }: UnsoundRow): BucketLifecycleFailure {
  const [bucketId = ''] = keyParts(key, ['text']) ?? [];
  return { bucketId, bucketName: null, error: unsound };
}

/** Each kind of action is looked for in the smallest table that shows it. */
async function* planBucket(core: Core, scope: BucketScope): AsyncGenerator<LifecycleAction, void> {
  const { lifecycleRules } = scope.bucket;
  if (lifecycleRules.some((rule) => rule.daysFromStartingToCancelingUnfinishedLargeFiles !== null))
    yield* dueCancellations(core, scope);
  for (const rule of lifecycleRules) yield* planRule(core, { ...scope, rule });
}

async function* planRule(core: Core, scope: RuleScope): AsyncGenerator<LifecycleAction, void> {
  const { rule } = scope;
  if (rule.daysFromUploadingToHiding !== null) yield* dueHides(core, scope);
  if (rule.daysFromHidingToDeleting !== null) yield* dueDeletions(core, scope);
}
