import type { Ratio } from '../report.ts';
import { cofferName, processesOf } from './contestants.ts';
import { modes } from './encryption.ts';

/** Bytes per second by contestant. */
type RatesByName = ReadonlyMap<string, number>;

/** What one contestant's rate is divided by, and what Coffer aims at. */
interface Comparison {
  readonly name: string;
  readonly base: string;
  readonly aim: Ratio['aim'];
}

/** What SSE costs, what Coffer costs, and what more workers bring, all of one run. */
export function ratiosOf(title: string, rates: RatesByName, workers: readonly number[]): readonly Ratio[] {
  return comparisonsOf(workers).map(({ name, base, aim }) => ({
    name: `${title}: ${name} / ${base}`,
    value: (rates.get(name) ?? Number.NaN) / (rates.get(base) ?? Number.NaN),
    aim,
  }));
}

function comparisonsOf(workers: readonly number[]): readonly Comparison[] {
  const costs = processesOf(workers).flatMap((count) =>
    (['SSE-B2', 'SSE-C'] as const).map((mode) => ({
      name: cofferName(mode, count),
      base: cofferName('none', count),
      aim: { atLeast: 0.85 },
    })),
  );
  const gains = processesOf(workers)
    .filter((count) => count > 1)
    .flatMap((count) => modes.map((mode) => ({ name: cofferName(mode, count), base: mode, aim: null })));
  return [
    ...costs,
    { name: 'none', base: 'bare', aim: { atLeast: 0.6 } },
    { name: 'SSE-B2', base: 'bare', aim: { atLeast: 0.6 } },
    { name: 'SSE-B2', base: 'bare sealed', aim: null },
    ...gains,
  ];
}
