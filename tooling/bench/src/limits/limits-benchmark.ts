import type { BenchmarkResult, Table } from '../report.ts';
import { idleConnections } from './cases/idle-connections.ts';
import { listings } from './cases/listings.ts';
import {
  contestedName,
  folders,
  hugeJson,
  lifecycleRuns,
  manyParts,
  oneByte,
  unmatchedPrefix,
} from './cases/long-work.ts';
import { nothing } from './cases/nothing.ts';
import { stalledUploads } from './cases/stalled-uploads.ts';
import { together } from './cases/together.ts';
import { unfinishedFiles } from './cases/unfinished-files.ts';
import { unreadDownloads } from './cases/unread-downloads.ts';
import { uploads } from './cases/uploads.ts';
import type { LimitCase } from './limit-case.ts';
import { percentile } from './probe.ts';
import { runCase, type CaseOutcome } from './run-case.ts';
import { suffixOf, ways, type Way } from './way.ts';

export interface LimitsOptions {
  /** Names of cases; empty: all. */
  readonly cases: readonly string[];
  /** Bytes of each of the 64 uploads. */
  readonly size: number;
  /** Clients at once that read one byte again and again. */
  readonly readers: number;
  /** Seconds after each case until memory is looked at once more. */
  readonly settle: number;
  /** Where the servers keep their data, in folders that are removed afterwards. */
  readonly directory: string;
}

const byName = (size: number, readers: number): Readonly<Record<string, LimitCase>> => ({
  nothing,
  uploads: uploads(size),
  ...inAllWays('stalled', stalledUploads),
  unread: unreadDownloads,
  idle: idleConnections,
  ...inAllWays('listings', listings),
  together,
  unfinished: unfinishedFiles,
  byte: oneByte(readers),
  parts: manyParts(readers),
  folders,
  prefix: unmatchedPrefix,
  contested: contestedName,
  json: hugeJson,
  lifecycle: lifecycleRuns,
});

function inAllWays(name: string, make: (way: Way) => LimitCase): Record<string, LimitCase> {
  return Object.fromEntries(ways.map((way) => [`${name}${suffixOf(way)}`, make(way)]));
}

/** Memory of a server under loads that no client should make, and how long another client waits meanwhile. */
export async function limitsBenchmark(options: LimitsOptions): Promise<BenchmarkResult> {
  const { cases, settle } = options;
  const all = byName(options.size, options.readers);
  const outcomes: CaseOutcome[] = [];
  for (const name of cases.length > 0 ? cases : Object.keys(all)) {
    const limitCase = all[name];
    if (limitCase === undefined) throw new Error(`There is no case "${name}", but ${Object.keys(all).join(', ')}`);
    const outcome = await runCase(limitCase, options);
    // A run takes minutes.
    process.stderr.write(
      `${outcome.title}: ${outcome.memory.highWater} MiB, then ${outcome.afterwards.resident}; ${outcome.remarks}\n`,
    );
    outcomes.push(outcome);
  }
  return {
    tables: [memoryTable(outcomes), latencyTable(outcomes), remarkTable(outcomes)],
    ratios: [],
    notes: [...notes, afterwardsNote(settle)],
  };
}

const notes = [
  'Each case has a fresh server process with default settings. Memory is that of its fullest moment; files: pages ' +
    'of mapped files, LMDB among them; peak: the kernel’s own.',
  'The other client uploads and downloads 4 KiB in turn, under SSE-B2, over one connection. Server, load and that ' +
    'client share the machine.',
];

function afterwardsNote(settle: number): string {
  return `Afterwards: ${settle} s after the load, without any client. What is resident then may be kept for reuse.`;
}

function memoryTable(outcomes: readonly CaseOutcome[]): Table {
  const rows = outcomes.map(({ title, memory, afterwards }) => [
    title,
    memory.resident,
    memory.anonymous,
    memory.mapped,
    memory.highWater,
    afterwards.resident,
    afterwards.anonymous,
  ]);
  return {
    title: 'Memory of the server, MiB',
    columns: ['', 'resident', 'anonymous', 'files', 'peak', 'afterwards', 'anonymous'],
    rows,
  };
}

function latencyTable(outcomes: readonly CaseOutcome[]): Table {
  const rows = outcomes.map(({ title, probe: { uploads: up, downloads: down, failures } }) => [
    title,
    up.length + down.length,
    failures,
    ...[up, down].flatMap((times) => [50, 99, 100].map((percent) => percentile(times, percent).toFixed(1))),
  ]);
  const columns = ['', 'requests', 'failed', 'up p50', 'p99', 'max', 'down p50', 'p99', 'max'];
  return { title: 'What another client waits, ms', columns, rows };
}

function remarkTable(outcomes: readonly CaseOutcome[]): Table {
  const rows = outcomes.map(({ title, remarks }) => [title, remarks]);
  return { title: 'What became of it', columns: ['', ''], rows };
}
