import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { profileTable } from '../profile/profile-table.ts';
import { chooseProfiler, type Profiler, type Spent } from '../profile/profiler.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { contestantsOf, processesOf, type Contestant } from './contestants.ts';
import { largeBody, type Payload } from './load.ts';
import { bytesPerSecond, loadSeconds, measureLoad, outcomeTable, type Outcome } from './outcome.ts';
import { makePayload, sizeName } from './payload.ts';
import { ratiosOf } from './server-ratios.ts';
import { requireWrk } from './wrk.ts';

export interface ServerOptions {
  /** Bytes per file. */
  readonly sizes: readonly number[];
  readonly connections: readonly number[];
  /** Seconds of each load; twice as long for large files. */
  readonly seconds: number;
  /** Numbers of worker processes of Coffer's servers, beside one process. The bare server is always one process. */
  readonly workers: readonly number[];
  /** Where the servers keep their data, in a folder that is removed afterwards. */
  readonly directory: string;
}

const directions = ['upload', 'download'] as const;
type Direction = (typeof directions)[number];

/** What one contestant did, and where its time went if that was looked at. */
type Measured = Outcome & { readonly spent?: Spent };

/** Outcomes by contestant, in the order of the tables. */
type Outcomes = ReadonlyMap<string, Measured>;

interface Run {
  readonly place: string;
  readonly payload: Payload;
  readonly connections: number;
  readonly seconds: number;
  readonly profiler: Profiler | undefined;
  /** Receives what the servers say that they encrypt with. */
  readonly engines: Set<string>;
}

/**
 * Uploads and downloads of a Coffer server without and with encryption, against each other and against the bare server.
 */
export async function serverBenchmark(options: ServerOptions): Promise<BenchmarkResult> {
  await requireWrk();
  const place = await mkdtemp(join(options.directory, 'coffer-server-'));
  const tables: Table[] = [];
  const ratios: Ratio[] = [];
  const engines = new Set<string>();
  const { seconds, workers } = options;
  const contestants = contestantsOf(workers);
  try {
    const profiler = options.sizes.some(isProfiled) ? await chooseProfiler(join(place, 'profiles')) : undefined;
    for (const size of options.sizes) {
      const payload = await makePayload(place, size);
      for (const connections of options.connections) {
        const run = {
          place,
          payload,
          connections,
          seconds,
          engines,
          profiler: isProfiled(size) ? profiler : undefined,
        };
        const outcomes = await runContestants(contestants, run);
        for (const direction of directions) {
          const title =
            `${direction} of ${sizeName(size)}, ` + (connections === 1 ? '1 connection' : `${connections} connections`);
          tables.push(...tablesOf(title, size, outcomes[direction]));
          ratios.push(...ratiosOf(title, ratesOf(outcomes[direction], size), workers));
        }
      }
    }
    const engine = `Engine of Coffer: ${[...engines].join(', ')}.`;
    const all = [notesOn(workers), engine, ...notes, ...(profiler === undefined ? [] : [profiler.note])];
    return { tables, ratios, notes: all };
  } finally {
    await rm(place, { recursive: true });
  }
}

function isProfiled(size: number): boolean {
  return size >= largeBody;
}

function notesOn(workers: readonly number[]): string {
  const counts = processesOf(workers).filter((count) => count > 1);
  const processes = counts.length === 0 ? '' : `, or so many workers as its name says (${counts.join(', ')})`;
  return (
    'Load by wrk on one thread of the same machine, so where there are few cores the two share them. Every ' +
    `server is fresh and has one process${processes}.`
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

/** Each contestant is a fresh server, which has both loads. */
async function runContestants(contestants: readonly Contestant[], run: Run): Promise<Record<Direction, Outcomes>> {
  const outcomes = { upload: new Map<string, Measured>(), download: new Map<string, Measured>() };
  for (const contestant of contestants) {
    const measured = await runContestant(contestant, run);
    for (const direction of directions) outcomes[direction].set(contestant.name, measured[direction]);
  }
  return outcomes;
}

async function runContestant({ start }: Contestant, run: Run): Promise<Record<Direction, Measured>> {
  const { place, payload, profiler, engines } = run;
  const directory = join(place, 'server');
  await mkdir(directory);
  try {
    const target = await start({ node: profiler?.node ?? [] })(directory, payload);
    if (target.engine !== undefined) engines.add(target.engine);
    const done: { readonly direction: Direction; readonly outcome: Outcome; readonly read?: () => Promise<Spent> }[] =
      [];
    try {
      for (const direction of directions) {
        const watching = profiler?.watch(target.pid, loadSeconds(payload, run.seconds));
        const load = { ...run, load: target[direction], directory: place };
        const [outcome, read] = await Promise.all([measureLoad(target, payload, load), watching]);
        done.push({ direction, outcome, ...(read !== undefined && { read }) });
      }
    } finally {
      await target.close();
    }
    const measured = {} as Record<Direction, Measured>;
    for (const { direction, outcome, read } of done)
      measured[direction] = read === undefined ? outcome : { ...outcome, spent: await read() };
    return measured;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function tablesOf(title: string, size: number, outcomes: Outcomes): Table[] {
  const figures = outcomeTable(
    title,
    size,
    Object.fromEntries([...outcomes].map(([name, outcome]) => [name, [outcome]])),
  );
  const profiled = [...outcomes].flatMap(([name, outcome]) =>
    outcome.spent === undefined ? [] : [{ name, rate: bytesPerSecond(outcome, size), spent: outcome.spent }],
  );
  if (profiled.length === 0) return [figures];
  return [figures, profileTable(title, size, profiled, ['bare', 'bare sealed', 'none'])];
}

function ratesOf(outcomes: Outcomes, size: number): ReadonlyMap<string, number> {
  return new Map([...outcomes].map(([name, outcome]) => [name, bytesPerSecond(outcome, size)]));
}
