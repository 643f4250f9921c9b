import { availableParallelism } from 'node:os';
import { measureRounds, median, medianRatio, type Rates } from '../measure.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { enginesBenchmark } from './engines-benchmark.ts';
import { WorkerPool } from './worker-pool.ts';
import { contestantNames, createWorkload, type ContestantName } from './workload.ts';

export interface EngineOptions {
  /** Plaintext of one pass, in MiB. */
  readonly mebibytes: number;
  readonly rounds: number;
}

const comparisons: readonly (readonly [ContestantName, ContestantName, atLeast: number])[] = [
  ['seal', 'bare seal', 0.9],
  ['open', 'bare open', 0.9],
  ['open range', 'bare open', 0.9],
  ['seal', 'long seal', 0.5],
  ['open', 'long open', 0.5],
];

/**
 * Compares sealing and opening with a bare loop of one cipher per 16 KiB chunk, and with one long AES-256-GCM stream.
 */
export async function engineBenchmark({ mebibytes, rounds }: EngineOptions): Promise<BenchmarkResult> {
  const size = mebibytes * 2 ** 20;
  const single = await measureRounds(await createWorkload(size), rounds);
  const threads = availableParallelism();
  const pool = await WorkerPool.start(threads, size);
  const all = await measureRounds(pool.contestants(), rounds);
  await pool.close();
  const engines = await enginesBenchmark(size, rounds);
  return {
    tables: [throughput('One thread', single), throughput(`All cores (${threads} threads)`, all), ...engines.tables],
    ratios: [...ratios('one thread', single), ...ratios('all cores', all), ...engines.ratios],
    notes: [
      `Each figure is the median of ${rounds} rounds over ${mebibytes} MiB in pieces of 64 KiB; each ratio the ` +
        `median of the rounds' ratios.`,
      'bare: one createCipheriv or createDecipheriv per 16 KiB chunk and nothing else. long: one AES-256-GCM ' +
        'stream over everything,',
      'which can neither be read from the middle nor be trusted before its end. What a bare loop lacks to the ' +
        'long stream is the cost of',
      'making a cipher object per chunk: only larger chunks (another format), or a native call that seals many ' +
        'chunks at once, could win it back.',
      'Engines: runs of chunks by themselves, into memory that is there, without streams.',
      ...engines.notes,
    ],
  };
}

function throughput(title: string, rates: Rates<ContestantName>): Table {
  const rows = contestantNames.map((name) => [name, Math.round(median(rates[name]) / 1e6)]);
  return { title, columns: ['', 'MB/s'], rows };
}

function ratios(where: string, rates: Rates<ContestantName>): Ratio[] {
  return comparisons.map(([name, base, atLeast]) => ({
    name: `${name} / ${base}, ${where}`,
    value: medianRatio(rates[name], rates[base]),
    aim: { atLeast },
  }));
}
