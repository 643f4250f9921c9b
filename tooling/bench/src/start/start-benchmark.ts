import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../measure.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { loadedTable, profileTable } from './start-profile.ts';
import { freePort, measureRun, measureStart, type StartFigures } from './started-program.ts';

export interface StartOptions {
  readonly rounds: number;
  /** Worker processes of the server that has some. */
  readonly workers: number;
  /** Where the servers keep their data. */
  readonly directory: string;
}

const program = fileURLToPath(new URL('./dist/main.js', import.meta.resolve('@coffer/server/package.json')));
const bareProgram = fileURLToPath(new URL('./bare-start.js', import.meta.url));

/**
 * How long it takes from making the process of a server to its first answers, against a Node process that does nothing
 * and a bare server.
 */
export async function startBenchmark(options: StartOptions): Promise<BenchmarkResult> {
  const place = await mkdtemp(join(options.directory, 'coffer-start-'));
  try {
    return await measureIn(place, options);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function measureIn(place: string, { rounds, workers }: StartOptions): Promise<BenchmarkResult> {
  const several = `existing, ${workers} workers`;
  const data = join(place, 'data');
  const contestants: Readonly<Record<string, () => Promise<StartFigures>>> = {
    bare: startBare,
    'fresh directory': async () => {
      await clear(data);
      return startCoffer(data);
    },
    'existing directory': () => startCoffer(data),
    [several]: () => startCoffer(data, ['--workers', String(workers)]),
  };
  const nothing: number[] = [];
  const figures = new Map<string, StartFigures[]>(Object.keys(contestants).map((name) => [name, []]));
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    const empty = await measureRun(['-e', '0']);
    if (round > 0) nothing.push(empty);
    for (const [name, start] of Object.entries(contestants)) {
      const one = await start();
      if (round > 0) figures.get(name)?.push(one);
    }
  }
  const ready = (name: string): number[] => (figures.get(name) ?? []).map((each) => each.ready);
  const coffer = Object.keys(contestants).filter((name) => name !== 'bare');
  return {
    tables: [startTable(nothing, figures), await profiled(place, data), await loaded(place, data)],
    ratios: coffer.flatMap((name) => [
      ratio(`${name} / node -e 0`, ready(name), nothing),
      ratio(`${name} / bare`, ready(name), ready('bare')),
    ]),
    notes: [
      `Milliseconds since the process was made, medians of ${rounds} rounds. ready: /readyz answers 200. answers: it`,
      'answers at all, which it does from before recovery. bare: a server of node:http that imports nothing else.',
    ],
  };
}

function startTable(nothing: readonly number[], figures: ReadonlyMap<string, readonly StartFigures[]>): Table {
  const shown = (values: readonly number[]): string => median(values).toFixed(0);
  const rows = [...figures].map(([name, each]) => [
    name,
    shown(each.map(({ answered }) => answered)),
    shown(each.map(({ ready }) => ready)),
    shown(each.map(({ processor }) => processor)),
  ]);
  return {
    title: 'Start',
    columns: ['', 'answers', 'ready', 'ms of processor'],
    rows: [['node -e 0, start to end', '', shown(nothing), ''], ...rows],
  };
}

function ratio(name: string, values: readonly number[], base: readonly number[]): Ratio {
  return { name, value: median(values.map((value, round) => value / (base[round] ?? Number.NaN))), aim: null };
}

async function startBare(): Promise<StartFigures> {
  const port = await freePort();
  return measureStart([bareProgram, String(port)], `http://127.0.0.1:${port}/`);
}

interface Inspection {
  /** Options of Node. */
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

async function startCoffer(
  data: string,
  options: readonly string[] = [],
  { node = [], environment = {} }: Inspection = {},
): Promise<StartFigures> {
  const port = await freePort();
  const listeners = [
    '--listen',
    '127.0.0.1:0',
    '--admin-listen',
    `127.0.0.1:${port}`,
    '--console-listen',
    '127.0.0.1:0',
  ];
  const serve = ['serve', '--data', data, ...listeners, '--log-format', 'json', ...options];
  return measureStart([...node, program, ...serve], `http://127.0.0.1:${port}/readyz`, environment);
}

/** One more start, with a profile of the processor. */
async function profiled(place: string, data: string): Promise<Table> {
  const directory = join(place, 'profile');
  await startCoffer(data, [], { node: ['--cpu-prof', '--cpu-prof-interval', '250', '--cpu-prof-dir', directory] });
  return profileTable(directory);
}

/** One more start, which tells what it has loaded. */
async function loaded(place: string, data: string): Promise<Table> {
  const directory = join(place, 'coverage');
  await startCoffer(data, [], { environment: { NODE_V8_COVERAGE: directory } });
  return loadedTable(directory);
}

/** Removes a data directory and the keys beside it. */
async function clear(data: string): Promise<void> {
  for (const each of [data, `${data}-keys`]) await rm(each, { recursive: true, force: true });
}
