import type { Capability } from '@coffer/b2-schema';

/** What the caller may do; of a caller without a token, nothing. */
export type CapabilitySet = ReadonlySet<string>;

export const noCapabilities: CapabilitySet = new Set();

export function may(capabilities: CapabilitySet, capability: Capability): boolean {
  return capabilities.has(capability);
}
