import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { withServer } from '../faces/with-server.ts';
import { median, medianRatio } from '../measure.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { call } from '../server/coffer-account.ts';
import { sizeName } from '../server/payload.ts';
import type { ClientMode, ClientOptions } from './client-options.ts';
import { accountEnvironment, contestantsOf, type Contestant, type Direction } from './contestants.ts';
import { measureCommand, type CommandFigures } from './measured-command.ts';

/** Figures of each round, by direction and contestant. */
type Rounds = Record<Direction, Record<string, CommandFigures[]>>;

/** A large file up and down by our client, b2sdk and rclone, each with its defaults, on the same server. */
export async function clientBenchmark(options: ClientOptions): Promise<BenchmarkResult> {
  const contestants: Readonly<Record<string, Contestant>> = contestantsOf(options);
  const versions = await versionsOf(contestants);
  const place = await mkdtemp(join(options.directory, 'coffer-clients-'));
  try {
    const source = join(place, 'source');
    const sha1 = await writeRandom(source, options.size);
    const tables: Table[] = [];
    const ratios: Ratio[] = [];
    for (const mode of options.modes) {
      const rounds = await runRounds(contestants, { place, source, sha1, mode, options });
      for (const direction of ['upload', 'download'] as const) {
        const title = `${direction} of ${sizeName(options.size)}, ${mode}`;
        tables.push(tableOf(title, options.size, rounds[direction]));
        ratios.push(...ratiosOf(title, rounds[direction]));
      }
    }
    return { tables, ratios, notes: [noteOn(options), versions] };
  } finally {
    await rm(place, { recursive: true });
  }
}

interface Plan {
  readonly place: string;
  readonly source: string;
  readonly sha1: string;
  readonly mode: ClientMode;
  readonly options: ClientOptions;
}

async function runRounds(contestants: Readonly<Record<string, Contestant>>, plan: Plan): Promise<Rounds> {
  const names = Object.keys(contestants);
  const rounds: Rounds = { upload: {}, download: {} };
  for (let round = 0; round < plan.options.rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const contestant = contestants[name];
      if (contestant === undefined) continue;
      for (const [direction, figures] of await transfer(contestant, plan)) {
        (rounds[direction][name] ??= []).push(figures);
      }
    }
  }
  return rounds;
}

/** Up and down on a fresh server. What came down is compared with what went up. */
function transfer(contestant: Contestant, { place, source, sha1, mode, options }: Plan) {
  return withServer(place, { workers: 1, tls: false }, async (server) => {
    const { account, bucketId, url } = server;
    const algorithm = { mode: 'SSE-B2', algorithm: 'AES256' };
    const defaultServerSideEncryption = mode === 'none' ? { mode: 'none' } : algorithm;
    await call(account, 'b2_update_bucket', { accountId: account.accountId, bucketId, defaultServerSideEncryption });
    const target = join(place, 'target');
    const environment = { ...accountEnvironment(url), ...contestant.environment };
    const figures: (readonly [Direction, CommandFigures])[] = [];
    // Who only downloads has it uploaded by our client, untimed.
    const uploading = contestant.directions.includes('upload') ? contestant : contestantsOf(options)['@coffer/client'];
    const up = await measureCommand(uploading.command('upload', source, 'large'), environment);
    if (uploading === contestant) figures.push(['upload', up]);
    figures.push(['download', await measureCommand(contestant.command('download', target, 'large'), environment)]);
    if ((await sha1Of(target)) !== sha1) throw new Error('What was downloaded differs from what was uploaded');
    await rm(target);
    return figures;
  });
}

/** Writes random bytes, and resolves to their SHA-1. */
async function writeRandom(file: string, size: number): Promise<string> {
  const hash = createHash('sha1');
  const output = await open(file, 'wx');
  try {
    for (let left = size; left > 0; left -= 2 ** 24) {
      const bytes = randomBytes(Math.min(left, 2 ** 24));
      hash.update(bytes);
      await output.writeFile(bytes);
    }
  } finally {
    await output.close();
  }
  return hash.digest('hex');
}

async function sha1Of(file: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function ratesOf(size: number, figures: readonly CommandFigures[]): readonly number[] {
  return figures.map(({ seconds }) => size / seconds);
}

function tableOf(title: string, size: number, byName: Readonly<Record<string, readonly CommandFigures[]>>): Table {
  const rows = Object.entries(byName).map(([name, figures]) => [
    name,
    (median(ratesOf(size, figures)) / 1e6).toFixed(0),
    median(figures.map(({ processorSeconds }) => processorSeconds)).toFixed(1),
    median(figures.map(({ memory }) => memory)).toFixed(0),
  ]);
  return { title, columns: ['', 'MB/s', 'CPU s', 'peak memory MiB'], rows };
}

function ratiosOf(title: string, byName: Readonly<Record<string, readonly CommandFigures[]>>): Ratio[] {
  const own = Object.entries(byName).filter(([name]) => name.startsWith('@coffer'));
  const others = Object.entries(byName).filter(([name]) => !name.startsWith('@coffer'));
  return own.flatMap(([name, figures]) =>
    others.map(([other, base]) => ({
      name: `${title}: ${name} / ${other}`,
      value: medianRatio(ratesOf(1, figures), ratesOf(1, base)),
      aim: { atLeast: 1 },
    })),
  );
}

async function versionsOf(contestants: Readonly<Record<string, Contestant>>): Promise<string> {
  const lines = await Promise.all(
    Object.entries(contestants).map(
      async ([
        name,
        {
          version: [program = '', ...args],
        },
      ]) => {
        try {
          const { stdout } = await promisify(execFile)(program, args);
          return `${name}: ${stdout.trim().split('\n')[0]}`;
        } catch (cause) {
          throw new Error(`${name} does not run (pnpm interop installs it; --python and --rclone name others)`, {
            cause,
          });
        }
      },
    ),
  );
  return lines.join('; ');
}

function noteOn({ rounds }: ClientOptions): string {
  return (
    `Medians of ${rounds} rounds, and of the rounds' ratios, each on a fresh server of one process on this machine, ` +
    'over HTTP. A whole run of each program counts: its start, its authorization, and reading or writing the file.'
  );
}
