import { requireCertainClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import { inOrder } from '../listings/in-order.ts';
import { planLifecycle, type BucketPlan, type PlanTime } from './lifecycle-plan.ts';
import { applyAction } from './lifecycle-step.ts';
import type { LifecycleAction, LifecycleOutcome, LifecycleService } from '../services/lifecycle.ts';
import { LifecycleError, type BucketLifecycleFailure } from '../services/lifecycle-error.ts';
import { StorageError } from '../services/storage-error.ts';
import { wroteNothing } from '../core/transaction.ts';

/** Commits under way at once: they share flushes, and leave room for those of clients. */
const width = 16;

export function lifecycleService(core: Core): LifecycleService {
  return {
    plan: (now, { signal } = {}) => bucketByBucket(core, { now, signal }, ({ actions }) => actions),
    run: ({ dryRun = false, signal } = {}) => runRules(core, dryRun, { now: core.clock.now(), signal }),
  };
}

async function* runRules(core: Core, dryRun: boolean, time: PlanTime): AsyncGenerator<LifecycleOutcome, void> {
  if (!dryRun) await requireCertainClock(core);
  const outcome = dryRun ? planned : (action: LifecycleAction) => outcomeOf(core, action);
  yield* bucketByBucket(core, time, ({ actions }) => inOrder(actions, dryRun ? 1 : width, outcome));
}

/**
 * The results of each bucket's plan. A bucket that fails does not stop the others; the failures are thrown when all are
 * done.
 */
async function* bucketByBucket<T>(
  core: Core,
  time: PlanTime,
  work: (plan: BucketPlan) => AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  const failures: BucketLifecycleFailure[] = [];
  for await (const plan of planLifecycle(core, time)) {
    if ('error' in plan) {
      failures.push(plan);
      continue;
    }
    try {
      yield* work(plan);
    } catch (error) {
      const stops = time.signal?.aborted === true || core.monitor.health.state === 'failed';
      if (stops || StorageError.is(error, 'clock_doubted') || !(error instanceof Error)) throw error;
      failures.push({ bucketId: plan.bucket.bucketId, bucketName: plan.bucket.name, error });
    }
  }
  if (failures.length > 0) throw new LifecycleError(failures);
}

function planned(action: LifecycleAction): Promise<LifecycleOutcome> {
  return Promise.resolve({ action, result: 'planned' });
}

async function outcomeOf(core: Core, action: LifecycleAction): Promise<LifecycleOutcome> {
  try {
    return { action, result: (await applyAction(core, action)) ? 'done' : 'skipped' };
  } catch (error) {
    if (!StorageError.is(error) || isFatal(error)) throw error;
    return { action, result: 'failed', error };
  }
}

/** Whether the bucket's next action would most likely fail as well. */
function isFatal(error: StorageError): boolean {
  return error.code === 'clock_doubted' || isOutage(error);
}

function isOutage(error: StorageError): boolean {
  return error.code === 'storage_unavailable' && !wroteNothing(error);
}
