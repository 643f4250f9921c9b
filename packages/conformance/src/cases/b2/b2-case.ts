import type { ConformanceCase } from '../../model/case.ts';

/** A case of the B2 Native API. */
export function b2Case(fields: Omit<ConformanceCase, 'protocol'>): ConformanceCase {
  return { ...fields, protocol: 'b2' };
}
