import type { Feature, Profile, Protocol } from './feature.ts';
import type { Step } from './step.ts';

export const sourceKinds = ['documentation', 'rfc', 'client', 'observation'] as const;

/** On what a requirement stands. */
export interface Source {
  readonly kind: (typeof sourceKinds)[number];
  readonly name: string;
}

/** A case as data: it survives `JSON.stringify`, and an interpreter runs it. */
export interface ConformanceCase {
  /** Such as `b2/sse-c/download/wrong-key`: protocol, subject, operation, what is special. */
  readonly id: string;
  readonly title: string;
  /** What the endpoint has to do, in a sentence. */
  readonly requirement: string;
  readonly source: Source;
  readonly protocol: Protocol;
  /** Only in these profiles; in all of its protocol if left out. */
  readonly profiles?: readonly Profile[];
  readonly needs: readonly Feature[];
  readonly steps: readonly Step[];
}
