import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { engineBenchmark } from './engine/engine-benchmark.ts';
import { listingsBenchmark } from './listings/listings-benchmark.ts';
import { describeMachine } from './machine.ts';
import { renderReport, type BenchmarkResult, type Report } from './report.ts';
import { versionsInUse } from './versions.ts';

const usage = `Usage: pnpm bench <engine|listings|server> [options]

  --json FILE         also write the report as JSON
  --rounds N          rounds to take the median of (9)

engine    sealing and opening, against bare ciphers
  --mib N             plaintext of one pass in MiB (64)

listings  pages of buckets with many versions, against buckets with a thousand
  --versions N        versions of each large bucket, at least 2,000 (1,000,000)
  --directory DIR     where the stores are made and removed again (the system's temporary directory); a million takes 4 GiB
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    rounds: { type: 'string' },
    mib: { type: 'string' },
    versions: { type: 'string' },
    directory: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

const directory = values.directory ?? tmpdir();

const benchmarks: Readonly<Record<string, () => Promise<BenchmarkResult>>> = {
  engine: () => engineBenchmark({ mebibytes: count('mib', 64), rounds: count('rounds', 9) }),
  listings: () => listingsBenchmark({ versions: count('versions', 1_000_000), rounds: count('rounds', 9), directory }),
};

function count(name: 'rounds' | 'mib' | 'versions', byDefault: number): number {
  const value = values[name];
  if (value === undefined) return byDefault;
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} must be a positive whole number`);
}

class UsageError extends Error {}

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
