import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { engineBenchmark } from './engine/engine-benchmark.ts';
import { limitsBenchmark } from './limits/limits-benchmark.ts';
import { isShapeName, shapeNames, type ShapeName } from './listings/bucket-shapes.ts';
import { listingsBenchmark } from './listings/listings-benchmark.ts';
import { describeMachine } from './machine.ts';
import { renderReport, type BenchmarkResult, type Report } from './report.ts';
import { serverBenchmark } from './server/server-benchmark.ts';
import { signaturesBenchmark } from './signatures/signatures-benchmark.ts';
import { versionsInUse } from './versions.ts';

const usage = `Usage: pnpm bench <engine|limits|listings|server|signatures> [options]

  --json FILE         also write the report as JSON
  --rounds N          rounds to take the median of (9)

engine    sealing and opening, against bare ciphers
  --mib N             plaintext of one pass in MiB (64)

limits    memory under abuse, and what another client waits meanwhile; Linux only
  --cases LIST        of nothing,uploads,stalled,unread,idle,listings,unfinished,
                      byte,parts,folders,prefix,contested,json,lifecycle (all)
  --readers N         clients at once of the cases byte and parts (32)
  --size N            MiB of each of the 64 uploads (1024); their sum and 2 GiB have to be free on the disk
  --directory DIR     where the servers keep their data

listings  pages of buckets with many versions, against buckets with a thousand
  --versions N        versions of each large bucket, at least 2,000 (1,000,000)
  --buckets LIST      which buckets (${shapeNames.join(',')})
  --directory DIR     where the stores are made and removed again (a temporary one); 1 GiB a bucket for a million

server    uploads and downloads with and without encryption, against a bare Node server; needs wrk
  --sizes LIST        KiB per file (4,64,65536)
  --connections LIST  (1,8,32)
  --seconds N         of each load, at least 2; twice that for large files (5)
  --workers N         of Coffer's server (1)
  --directory DIR     where the servers keep their data

signatures  verifying signed S3 requests and decoding their bodies, against bare digests
  --mib N             data of one pass in MiB (64)
`;

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
    sizes: { type: 'string' },
    connections: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

const directory = values.directory ?? tmpdir();

const benchmarks: Readonly<Record<string, () => Promise<BenchmarkResult>>> = {
  engine: () => engineBenchmark({ mebibytes: count('mib', 64), rounds: count('rounds', 9) }),
  limits: () =>
    limitsBenchmark({
      cases: values.cases?.split(',') ?? [],
      size: count('size', 1024) * 2 ** 20,
      readers: count('readers', 32),
      directory,
    }),
  listings: () =>
    listingsBenchmark({
      versions: count('versions', 1_000_000),
      shapes: chosenShapes(values.buckets),
      rounds: count('rounds', 9),
      directory,
    }),
  server: () =>
    serverBenchmark({
      sizes: counts('sizes', '4,64,65536').map((kibibytes) => kibibytes * 1024),
      connections: counts('connections', '1,8,32'),
      seconds: count('seconds', 5),
      workers: count('workers', 1),
      directory,
    }),
  signatures: () => signaturesBenchmark({ mebibytes: count('mib', 64), rounds: count('rounds', 9) }),
};

function count(
  name: 'rounds' | 'mib' | 'size' | 'readers' | 'versions' | 'seconds' | 'workers',
  byDefault: number,
): number {
  return wholeNumber(name, values[name] ?? String(byDefault));
}

function counts(name: 'sizes' | 'connections', byDefault: string): number[] {
  return (values[name] ?? byDefault).split(',').map((value) => wholeNumber(name, value));
}

function wholeNumber(name: string, value: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new Error(`--${name} takes positive whole numbers, not "${value}"`);
}

function chosenShapes(list: string | undefined): readonly ShapeName[] {
  return list === undefined ? shapeNames : list.split(',').map(shapeNamed);
}

function shapeNamed(name: string): ShapeName {
  if (isShapeName(name)) return name;
  throw new Error(`--buckets takes some of ${shapeNames.join(', ')}, not "${name}"`);
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
