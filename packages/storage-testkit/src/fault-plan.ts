import { StoreError, type BlobStore, type MetadataStore } from '@coffer/storage-ports';

/** A method of either store that can be made to fail. */
export type StoreOperation = Exclude<keyof MetadataStore | keyof BlobStore, 'close'>;

/**
 * What happens to one call instead of success.
 *
 * - `before`: it fails without effect.
 * - `after`: it takes effect and then fails, as when an acknowledgement is lost.
 * - `tear`: the stream that the call writes or reads fails after `bytes` bytes. Does nothing to calls without a stream.
 * - `delay`: the call waits until `until` has resolved.
 */
export type Fault =
  | { readonly kind: 'before'; readonly code: 'io' | 'full' }
  | { readonly kind: 'after'; readonly code: 'io' | 'full' }
  | { readonly kind: 'tear'; readonly bytes: number }
  | { readonly kind: 'delay'; readonly until: Promise<unknown> };

/** Decides for each call, in the order of the calls, what goes wrong with it. Several stores may share one plan. */
export interface FaultPlan {
  next(operation: StoreOperation): Fault | undefined;
}

/** A plan that counts calls, and lets one of them fail. */
export interface CountingPlan extends FaultPlan {
  /** The counted calls so far, in order. */
  readonly calls: readonly StoreOperation[];
  /** Whether the call that is to fail was made. */
  readonly fired: boolean;
}

/** Which call fails, and how. */
export interface CountingPlanOptions {
  /** The number of the call that fails, from 1; absent: none fails. */
  readonly failing?: number;
  /** How it fails. Default: `io`, before it takes effect. */
  readonly fault?: Fault;
  /** The operations that are counted. Default: all. */
  readonly only?: readonly StoreOperation[];
}

/**
 * A plan that counts calls and lets the `failing`-th fail. Run a scenario with `failing` 1, 2, 3, … until the scenario
 * makes fewer calls than that, so that the plan has not fired.
 */
export function countingPlan({ failing, fault, only }: CountingPlanOptions = {}): CountingPlan {
  const calls: StoreOperation[] = [];
  return {
    calls,
    get fired() {
      return failing !== undefined && calls.length >= failing;
    },
    next(operation) {
      if (only !== undefined && !only.includes(operation)) return undefined;
      calls.push(operation);
      return calls.length === failing ? (fault ?? { kind: 'before', code: 'io' }) : undefined;
    },
  };
}

/**
 * Runs a scenario once for each of its store calls, with that call failing, and returns how many there were. Each time,
 * `scenario` has to set everything up anew with the plan that it gets, and to check what must be true afterwards.
 */
export async function failEachCall(
  scenario: (plan: CountingPlan) => Promise<void>,
  options: Omit<CountingPlanOptions, 'failing'> = {},
): Promise<number> {
  for (let failing = 1; ; failing++) {
    const plan = countingPlan({ ...options, failing });
    await scenario(plan);
    if (!plan.fired) return failing - 1;
  }
}

/** The error of an injected fault. */
export function injected(operation: string, code: 'io' | 'full'): StoreError {
  return new StoreError(code, `Injected fault: ${operation}`);
}

/** Makes a call go wrong as planned; if `fault` is undefined, the call is made as usual. */
export async function withFault<T>(
  operation: StoreOperation,
  fault: Fault | undefined,
  call: () => Promise<T>,
): Promise<T> {
  if (fault?.kind === 'before') throw injected(operation, fault.code);
  if (fault?.kind === 'delay') await fault.until;
  const result = await call();
  if (fault?.kind === 'after') throw injected(operation, fault.code);
  return result;
}
