import type { Core } from '../core/core.ts';
import { inOrder } from '../listings/in-order.ts';
import { planLifecycle } from './lifecycle-plan.ts';
import { applyAction } from './lifecycle-step.ts';
import type { LifecycleAction, LifecycleOutcome, LifecycleService } from '../services/lifecycle.ts';
import { StorageError } from '../services/storage-error.ts';
import { wroteNothing } from '../core/transaction.ts';

/** Commits under way at once: they share flushes, and leave room for those of clients. */
const width = 16;

export function lifecycleService(core: Core): LifecycleService {
  return {
    plan: (now, options = {}) => planLifecycle(core, now, options.signal),
    run: ({ dryRun = false, signal } = {}) => {
      const plan = planLifecycle(core, core.clock.now(), signal);
      return inOrder(plan, dryRun ? 1 : width, (action) => (dryRun ? planned(action) : outcomeOf(core, action)));
    },
  };
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

/** Whether the next action would most likely fail as well. */
function isFatal(error: StorageError): boolean {
  return error.code === 'storage_unavailable' && !wroteNothing(error);
}
