import { bareTarget } from './bare-target.ts';
import { cofferTarget } from './coffer-target.ts';
import { modes, type Mode } from './encryption.ts';
import type { ProcessOptions } from './server-process.ts';
import type { StartTarget } from './target.ts';

/** A server that is measured. */
export interface Contestant {
  readonly name: string;
  readonly start: (process: ProcessOptions) => StartTarget;
}

/** Coffer without and with encryption in one process, and in each of the numbers of workers, after the bare servers. */
export function contestantsOf(workers: readonly number[]): readonly Contestant[] {
  const bare = (['plain', 'sealed'] as const).map((kind) => ({
    name: kind === 'plain' ? 'bare' : 'bare sealed',
    start: (process: ProcessOptions) => bareTarget(kind, process),
  }));
  const coffer = processesOf(workers).flatMap((count) =>
    modes.map((mode) => ({
      name: cofferName(mode, count),
      start: (process: ProcessOptions) => cofferTarget(mode, count, process),
    })),
  );
  return [...bare, ...coffer];
}

/** One process, and each other number of workers once. */
export function processesOf(workers: readonly number[]): readonly number[] {
  return [...new Set([1, ...workers])];
}

export function cofferName(mode: Mode, workers: number): string {
  return workers === 1 ? mode : `${mode}, ${workers} workers`;
}
