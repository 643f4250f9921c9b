import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { clientBenchmark } from './client/client-benchmark.ts';
import { clientModes } from './client/client-options.ts';
import { engineBenchmark } from './engine/engine-benchmark.ts';
import { facesBenchmark } from './faces/faces-benchmark.ts';
import { facesCases } from './faces/faces-options.ts';
import { gcBenchmark } from './gc/gc-benchmark.ts';
import { limitsBenchmark } from './limits/limits-benchmark.ts';
import { shapeNames } from './listings/bucket-shapes.ts';
import { listingsBenchmark } from './listings/listings-benchmark.ts';
import { describeMachine } from './machine.ts';
import { renderReport, type BenchmarkResult, type Report } from './report.ts';
import { modes } from './server/encryption.ts';
import { serverBenchmark } from './server/server-benchmark.ts';
import { signaturesBenchmark } from './signatures/signatures-benchmark.ts';
import { startBenchmark } from './start/start-benchmark.ts';
import { usage } from './usage.ts';
import { versionsInUse } from './versions.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    rounds: { type: 'string' },
    mib: { type: 'string' },
    versions: { type: 'string' },
    buckets: { type: 'string' },
    directory: { type: 'string' },
    cases: { type: 'string' },
    size: { type: 'string' },
    readers: { type: 'string' },
    settle: { type: 'string' },
    sizes: { type: 'string' },
    connections: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string' },
    modes: { type: 'string' },
    multipart: { type: 'string' },
    python: { type: 'string' },
    rclone: { type: 'string' },
    tls: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

const directory = values.directory ?? tmpdir();

/** What the tests with other people's clients install. */
const installed = fileURLToPath(new URL('../../interop/.work/', import.meta.url));

const benchmarks: Readonly<Record<string, () => Promise<BenchmarkResult>>> = {
  client: () =>
    clientBenchmark({
      size: count('size', 1024) * 2 ** 20,
      rounds: count('rounds', 5),
      modes: chosen('modes', clientModes),
      python: values.python ?? join(installed, 'venv-newest/bin/python'),
      rclone: values.rclone ?? join(installed, 'bin/rclone'),
      directory,
    }),
  engine: () => engineBenchmark({ mebibytes: count('mib', 64), rounds: count('rounds', 9) }),
  faces: () =>
    facesBenchmark({
      cases: chosen('cases', facesCases),
      sizes: counts('sizes', '4,64,1024,65536').map((kibibytes) => kibibytes * 1024),
      modes: chosen('modes', modes),
      connections: counts('connections', '8'),
      seconds: count('seconds', 3),
      rounds: count('rounds', 5),
      workers: count('workers', 1),
      tls: values.tls ?? false,
      largeSize: count('multipart', 1024) * 2 ** 20,
      directory,
    }),
  gc: () =>
    gcBenchmark({
      sizes: counts('sizes', '65536').map((kibibytes) => kibibytes * 1024),
      connections: count('connections', 8),
      seconds: count('seconds', 10),
      modes: values.modes === undefined ? ['none', 'SSE-B2'] : chosen('modes', modes),
      directory,
    }),
  limits: () =>
    limitsBenchmark({
      cases: values.cases?.split(',') ?? [],
      size: count('size', 1024) * 2 ** 20,
      readers: count('readers', 32),
      settle: count('settle', 20),
      directory,
    }),
  listings: () =>
    listingsBenchmark({
      versions: count('versions', 1_000_000),
      shapes: chosen('buckets', shapeNames),
      rounds: count('rounds', 9),
      directory,
    }),
  server: () =>
    serverBenchmark({
      sizes: counts('sizes', '4,64,65536').map((kibibytes) => kibibytes * 1024),
      connections: counts('connections', '1,8,32'),
      seconds: count('seconds', 5),
      workers: counts('workers', '1'),
      directory,
    }),
  signatures: () => signaturesBenchmark({ mebibytes: count('mib', 64), rounds: count('rounds', 9) }),
  start: () => startBenchmark({ rounds: count('rounds', 9), workers: count('workers', 2), directory }),
};

type CountName =
  'rounds' | 'mib' | 'size' | 'readers' | 'settle' | 'versions' | 'seconds' | 'connections' | 'workers' | 'multipart';

function count(name: CountName, byDefault: number): number {
  return wholeNumber(name, values[name] ?? String(byDefault));
}

function counts(name: 'sizes' | 'connections' | 'workers', byDefault: string): number[] {
  return (values[name] ?? byDefault).split(',').map((value) => wholeNumber(name, value));
}

function wholeNumber(name: string, value: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new Error(`--${name} takes positive whole numbers, not "${value}"`);
}

/** The named ones of some; all of them without a list. */
function chosen<Name extends string>(option: 'buckets' | 'cases' | 'modes', all: readonly Name[]): readonly Name[] {
  return values[option]?.split(',').map((name) => oneOf(option, all, name)) ?? all;
}

function oneOf<Name extends string>(option: string, all: readonly Name[], name: string): Name {
  const found = all.find((one) => one === name);
  if (found === undefined) throw new Error(`--${option} takes some of ${all.join(', ')}, not "${name}"`);
  return found;
}

async function run(): Promise<void> {
  const [benchmark = '', ...surplus] = positionals;
  const start = benchmarks[benchmark];
  if (values.help === true || start === undefined || surplus.length > 0) {
    (values.help === true ? process.stdout : process.stderr).write(usage);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const machine = describeMachine();
  const report: Report = { benchmark, machine, versions: versionsInUse(), ...(await start()) };
  process.stdout.write(renderReport(report));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

await run();
