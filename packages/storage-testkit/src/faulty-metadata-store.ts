import { StoreError, type MetadataStore } from '@coffer/storage-ports';
import { withFault, type FaultPlan } from './fault-plan.ts';

/**
 * A metadata store that fails as planned. After a commit whose acknowledgement was lost it refuses further commits, as
 * the port demands; to simulate opening it again, wrap the inner store again.
 */
export function faultyMetadataStore(inner: MetadataStore, plan: FaultPlan): MetadataStore {
  let outcomeUnknown = false;
  return {
    get: (table, key) => withFault('get', plan.next('get'), () => inner.get(table, key)),
    scan: (table, options) => withFault('scan', plan.next('scan'), () => inner.scan(table, options)),
    async commit(commit) {
      const fault = plan.next('commit');
      if (outcomeUnknown) throw new StoreError('io', 'Injected fault: the store must be opened again');
      outcomeUnknown = fault?.kind === 'after';
      await withFault('commit', fault, () => inner.commit(commit)).catch((error: unknown) => {
        // A commit that conflicted had no effect whose acknowledgement could be lost.
        if (error instanceof StoreError && error.code === 'conflict') outcomeUnknown = false;
        throw error;
      });
    },
    close: () => inner.close(),
  };
}
