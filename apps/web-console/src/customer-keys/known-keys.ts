import { useSyncExternalStore } from 'react';
import type { KnownCustomerKey } from '../session/customer-keys.ts';
import { useSession } from '../session/session-context.tsx';

/** The customer keys that the tab knows now. */
export function useKnownKeys(): readonly KnownCustomerKey[] {
  const { customerKeys } = useSession();
  return useSyncExternalStore(customerKeys.subscribe, customerKeys.known);
}
