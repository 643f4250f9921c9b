import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { bareTarget } from './bare-target.ts';
import { cofferTarget } from './coffer-target.ts';
import type { Payload } from './load.ts';
import { bytesPerSecond, measureLoad, outcomeTable, type Outcome } from './outcome.ts';
import { makePayload, sizeName } from './payload.ts';
import type { StartTarget } from './target.ts';
import { requireWrk } from './wrk.ts';

export interface ServerOptions {
  /** Bytes per file. */
  readonly sizes: readonly number[];
  readonly connections: readonly number[];
  /** Seconds of each load; twice as long for large files. */
  readonly seconds: number;
  /** Worker processes of the Coffer servers; the bare server is always one process. */
  readonly workers: number;
  /** Where the servers keep their data, in a folder that is removed afterwards. */
  readonly directory: string;
}

const names = ['bare', 'bare sealed', 'none', 'SSE-B2', 'SSE-C'] as const;
type ContestantName = (typeof names)[number];

const directions = ['upload', 'download'] as const;
type Direction = (typeof directions)[number];

/**
 * Uploads and downloads of a Coffer server without and with encryption, against each other and against the bare server.
 */
export async function serverBenchmark(options: ServerOptions): Promise<BenchmarkResult> {
  await requireWrk();
  const place = await mkdtemp(join(options.directory, 'coffer-server-'));
  const tables: Table[] = [];
  const ratios: Ratio[] = [];
  try {
    for (const size of options.sizes) {
      const payload = await makePayload(place, size);
      for (const connections of options.connections) {
        const outcomes = await runContestants(place, payload, connections, options);
        for (const direction of directions) {
          const title =
            `${direction} of ${sizeName(size)}, ` + (connections === 1 ? '1 connection' : `${connections} connections`);
          tables.push(outcomeTable(title, size, runsOf(outcomes[direction])));
          ratios.push(...ratiosOf(title, size, outcomes[direction]));
        }
      }
    }
  } finally {
    await rm(place, { recursive: true });
  }
  return { tables, ratios, notes: [notesOn(options.workers), ...notes] };
}

function notesOn(workers: number): string {
  const processes = workers === 1 ? 'one process' : `${workers} workers, except bare, which is one process`;
  return (
    'Load by wrk on one thread of the same machine, so where there are few cores the two share them. Every ' +
    `server is fresh and has ${processes}.`
  );
}

const notes = [
  'bare: a Node server that receives, takes SHA-1 and MD5, writes and flushes as often, or reads and sends; no ' +
    'records, names, authorization or log.',
  'MB/s of large files counts transfers that were under way at the end. Memory is the most that was resident ' +
    'until then.',
  'CPU is the processor time of the server for one request, in all its processes and threads: what hardly depends ' +
    'on what else the machine does.',
];

async function runContestants(
  place: string,
  payload: Payload,
  connections: number,
  { seconds, workers }: ServerOptions,
): Promise<Record<Direction, Record<ContestantName, Outcome>>> {
  const outcomes = { upload: {}, download: {} } as Record<Direction, Record<ContestantName, Outcome>>;
  for (const name of names) {
    const directory = join(place, 'server');
    await mkdir(directory);
    const target = await starterOf(name, workers)(directory, payload);
    try {
      for (const direction of directions) {
        const run = { load: target[direction], connections, seconds, directory: place };
        outcomes[direction][name] = await measureLoad(target, payload, run);
      }
    } finally {
      await target.close();
      await rm(directory, { recursive: true });
    }
  }
  return outcomes;
}

function starterOf(name: ContestantName, workers: number): StartTarget {
  if (name === 'bare') return bareTarget('plain');
  return name === 'bare sealed' ? bareTarget('sealed') : cofferTarget(name, workers);
}

function runsOf(outcomes: Record<ContestantName, Outcome>): Record<ContestantName, Outcome[]> {
  return {
    bare: [outcomes.bare],
    'bare sealed': [outcomes['bare sealed']],
    none: [outcomes.none],
    'SSE-B2': [outcomes['SSE-B2']],
    'SSE-C': [outcomes['SSE-C']],
  };
}

function ratiosOf(title: string, size: number, outcomes: Record<ContestantName, Outcome>): Ratio[] {
  const ratio = (name: ContestantName, base: ContestantName, atLeast: number): Ratio => ({
    name: `${title}: ${name} / ${base}`,
    value: bytesPerSecond(outcomes[name], size) / bytesPerSecond(outcomes[base], size),
    aim: { atLeast },
  });
  return [
    ratio('SSE-B2', 'none', 0.85),
    ratio('SSE-C', 'none', 0.85),
    ratio('none', 'bare', 0.6),
    ratio('SSE-B2', 'bare', 0.6),
  ];
}
