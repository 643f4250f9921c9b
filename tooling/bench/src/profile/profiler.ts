import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { familyOf, processorSeconds } from '../server/process-figures.ts';
import { busyBetween, type CpuProfile } from './cpu-profile.ts';
import { sharesOfReport, type Shares } from './perf-report.ts';

/** Seconds of processor per second of a load, by what they were spent for. */
export type Spent = ReadonlyMap<string, number>;

/** Looks where a server spends its time while it is under load. */
export interface Profiler {
  /** Options of Node that the server needs. */
  readonly node: readonly string[];
  /** Looks at a server and its children for some seconds. What it resolves to is called when the server has ended. */
  readonly watch: (pid: number, seconds: number) => Promise<() => Promise<Spent>>;
  /** What a reader has to know. */
  readonly note: string;
}

const run = promisify(execFile);
/** Samples a second of each thread: not a divisor of anything that happens at regular times. */
const frequency = 397;
/** Seconds that are left out at both ends, while connections are opened and closed. */
const margin = 0.5;
const outputLimit = 2 ** 28;

/** By perf, or where that cannot be used by V8 itself. Recordings are kept in `directory` until they are read. */
export async function chooseProfiler(directory: string): Promise<Profiler> {
  await mkdir(directory);
  const probe = ['record', '-q', '-F', '99', '-o', join(directory, 'probe'), '--', process.execPath, '-e', '0'];
  const refusal = await run('perf', probe).then(
    () => undefined,
    (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0],
  );
  return refusal === undefined ? perfProfiler(directory) : v8Profiler(directory, refusal);
}

function perfProfiler(directory: string): Profiler {
  let recordings = 0;
  return {
    node: [],
    watch: async (pid, seconds) => {
      const file = join(directory, `perf-${recordings++}`);
      await pause(margin * 1000);
      const pids = (await familyOf(pid)).join(',');
      const [before, began] = [await processorSeconds(pid), performance.now()];
      const options = ['record', '-q', '-F', String(frequency), '-p', pids, '-o', file];
      await run('perf', [...options, '--', 'sleep', String(seconds - 2 * margin)]);
      const used = ((await processorSeconds(pid)) - before) / ((performance.now() - began) / 1000);
      return async () => {
        const report = [
          'report',
          '-i',
          file,
          '--stdio',
          '--no-children',
          '-g',
          'none',
          '--sort',
          'dso,sym',
          '-t',
          '\t',
        ];
        const { stdout } = await run('perf', report, { maxBuffer: outputLimit });
        await rm(file);
        return scaled(sharesOfReport(stdout), used);
      };
    },
    note:
      'What the time is spent for: sampled by perf in all threads of the server. native engine: AES-GCM of ' +
      '@coffer/envelope-native, whose symbols are stripped; the rest of V8 and Node also has what lies between ' +
      'JavaScript and the system.',
  };
}

/** Profiles are written when the server ends: one for each process, of its JavaScript thread. */
function v8Profiler(directory: string, refusal: string): Profiler {
  return {
    node: ['--cpu-prof', '--cpu-prof-dir', directory],
    watch: async (_pid, seconds) => {
      await pause(margin * 1000);
      const from = monotonicMicroseconds();
      await pause((seconds - 2 * margin) * 1000);
      const to = monotonicMicroseconds();
      return async () => {
        const names = (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile'));
        if (names.length === 0) throw new Error('The server has written no profile');
        const spent = new Map<string, number>();
        for (const name of names) {
          const profile = JSON.parse(await readFile(join(directory, name), 'utf8')) as CpuProfile;
          for (const [group, busy] of busyBetween(profile, from, to))
            spent.set(group, (spent.get(group) ?? 0) + busy / (to - from));
        }
        return spent;
      };
    },
    note:
      `perf cannot be used (${refusal}), so the profile is V8’s own (--cpu-prof): of the JavaScript thread only, ` +
      'with what others took of it, and without telling the kernel apart. With perf (apt-get install linux-perf; ' +
      'kernel.perf_event_paranoid <= 2) it says more.',
  };
}

function scaled(shares: Shares, factor: number): Spent {
  return new Map([...shares].map(([group, share]) => [group, share * factor]));
}

/** What V8 calls the time of its profiles. */
function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
