import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { nativeEngine } from '@coffer/envelope-native';
import type { BenchmarkResult, Table } from '../report.ts';
import { bareTarget } from '../server/bare-target.ts';
import { cofferTarget } from '../server/coffer-target.ts';
import type { Mode } from '../server/encryption.ts';
import type { Payload } from '../server/load.ts';
import { bytesPerSecond, loadSeconds, measureLoad } from '../server/outcome.ts';
import { makePayload, sizeName } from '../server/payload.ts';
import type { ProcessOptions } from '../server/server-process.ts';
import type { StartTarget } from '../server/target.ts';
import { requireWrk } from '../server/wrk.ts';
import { gcRow, type GcFigures } from './gc-row.ts';
import { parseGcTrace, totalsBetween } from './gc-trace.ts';

export interface GcOptions {
  /** Bytes per file. */
  readonly sizes: readonly number[];
  readonly connections: number;
  /** Seconds of each load; twice as long for large files. */
  readonly seconds: number;
  readonly modes: readonly Mode[];
  /** Where the servers keep their data, in a folder that is removed afterwards. */
  readonly directory: string;
}

interface Contestant {
  readonly name: string;
  readonly start: (process: ProcessOptions) => StartTarget;
}

const directions = ['upload', 'download'] as const;
type Direction = (typeof directions)[number];

/** How often and how long a server stands still for the collection of its memory, during steady loads. */
export async function gcBenchmark(options: GcOptions): Promise<BenchmarkResult> {
  await requireWrk();
  const place = await mkdtemp(join(options.directory, 'coffer-gc-'));
  const missing = missingEngine();
  const tables: Table[] = [];
  try {
    for (const size of options.sizes) {
      const payload = await makePayload(place, size);
      const rows: Record<Direction, Table['rows'][number][]> = { upload: [], download: [] };
      for (const { name, start } of contestantsOf(options.modes, missing === undefined)) {
        const figures = await measureGc(start, payload, { place, ...options });
        for (const direction of directions) rows[direction].push(gcRow(name, figures[direction]));
      }
      for (const direction of directions)
        tables.push({
          title: `${direction} of ${sizeName(size)}, ${options.connections} connections`,
          columns: [
            '',
            'MB/s',
            'GB',
            'full',
            'per GB',
            'ms/GB',
            'scavenges',
            'per GB',
            'ms/GB',
            '% of time',
            'why full',
          ],
          rows: rows[direction],
        });
    }
  } finally {
    await rm(place, { recursive: true });
  }
  return { tables, ratios: [], notes: missing === undefined ? notes : [...notes, missing] };
}

const notes = [
  'From --trace-gc of the server. full: mark-compacts, which look at the whole heap; scavenges look at its youngest ' +
    'objects. ms: what the program stood still, marking in steps included; on a busy machine also what others took ' +
    'meanwhile. why full: the most frequent reason, in V8’s words.',
  'bare sealed: a Node server that receives, digests, encrypts and writes with a cipher object and new memory for ' +
    'each chunk.',
];

function missingEngine(): string | undefined {
  const found = nativeEngine();
  return 'missing' in found ? `Without the native engine: ${found.missing}` : undefined;
}

function contestantsOf(modes: readonly Mode[], isNativeThere: boolean): readonly Contestant[] {
  const engines = isNativeThere ? ['typescript', 'native'] : ['typescript'];
  const coffer = modes.flatMap((mode) =>
    engines.map((engine) => ({
      name: `${mode}, ${engine}`,
      start: (process: ProcessOptions) => cofferTarget(mode, 1, { ...process, environment: { COFFER_ENGINE: engine } }),
    })),
  );
  return [{ name: 'bare sealed', start: (process) => bareTarget('sealed', process) }, ...coffer];
}

/** Puts a fresh server under both loads. Its trace is read when it has ended, since V8 writes it in lumps. */
async function measureGc(
  start: Contestant['start'],
  payload: Payload,
  { place, connections, seconds }: GcOptions & { readonly place: string },
): Promise<Record<Direction, GcFigures>> {
  const directory = join(place, 'server');
  await mkdir(directory);
  try {
    const trace: string[] = [];
    const began = performance.now();
    const process = { node: ['--trace-gc'], onOutput: (text: string) => trace.push(text) };
    const target = await start(process)(directory, payload);
    const loads: {
      readonly direction: Direction;
      readonly from: number;
      readonly to: number;
      readonly rate: number;
    }[] = [];
    try {
      for (const direction of directions) {
        const from = performance.now() - began;
        const run = { load: target[direction], connections, seconds, directory: place };
        const rate = bytesPerSecond(await measureLoad(target, payload, run), payload.bytes.length);
        loads.push({ direction, from, to: performance.now() - began, rate });
      }
    } finally {
      await target.close();
    }
    const collections = parseGcTrace(trace.join(''));
    if (collections.length === 0) throw new Error('The server has written no trace of its collections');
    const figures = loads.map(({ direction, from, to, rate }) => {
      const gigabytes = (rate * loadSeconds(payload, seconds)) / 1e9;
      return [direction, { rate, gigabytes, ms: to - from, totals: totalsBetween(collections, from, to) }] as const;
    });
    return Object.fromEntries(figures) as Record<Direction, GcFigures>;
  } finally {
    await rm(directory, { recursive: true });
  }
}
