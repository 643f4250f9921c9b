import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import type { Profile } from '../model/feature.ts';
import { countOutcomes, type CaseResult, type Report } from '../report/report.ts';
import type { Environment } from '../target/secrets.ts';
import { deviationOf, whatIsMissing, type Target } from '../target/target.ts';
import { createHttpTransport } from '../wire/http-transport.ts';
import { paced } from '../wire/pace.ts';
import type { Transport } from '../wire/transport.ts';
import { openWorkplace } from './open-workplace.ts';
import { runCase } from './run-case.ts';
import { useAll } from './use-all.ts';
import type { Workplace } from './workplace.ts';

export interface RunOptions {
  readonly target: Target;
  readonly profile: Profile;
  readonly cases: readonly ConformanceCase[];
  /** Where the secrets are that the target names. */
  readonly environment: Environment;
  /** Cases at the same time, a whole number of at least 1; 4 if left out. */
  readonly concurrency?: number;
  /** A number above 0; no limit, if left out. */
  readonly requestsPerSecond?: number;
  /** Certificates to trust, in PEM. */
  readonly ca?: string;
  /** Instead of `node:http`. */
  readonly transport?: Transport;
  /** Once it aborts, no further case begins. The running cases end, what was made is removed, and there is a report. */
  readonly signal?: AbortSignal;
  /** Called as each case ends. */
  readonly onResult?: (result: CaseResult) => void;
}

/** What a runner of single cases needs; its caller decides which cases run, and when. */
export type RunnerOptions = Omit<RunOptions, 'cases' | 'concurrency' | 'signal' | 'onResult'>;

/** Runs cases, at some at a time, and removes what they made. */
export interface CaseRunner {
  readonly run: (testCase: ConformanceCase) => Promise<CaseResult>;
  /** Removes the run's bucket, and names what could not be removed. */
  readonly close: () => Promise<readonly string[]>;
}

/**
 * Opens a runner of single cases, for test frameworks.
 *
 * @throws ConformanceError `options`, or if the target cannot be used at all: `target`, `setup` or `connection`.
 */
export async function openRunner(options: RunnerOptions): Promise<CaseRunner> {
  const { target, profile, environment, ca, requestsPerSecond } = options;
  if (requestsPerSecond !== undefined && !(Number.isFinite(requestsPerSecond) && requestsPerSecond > 0))
    throw new ConformanceError('options', 'requestsPerSecond has to be a number above 0.');
  const http = createHttpTransport(ca === undefined ? {} : { ca });
  const plain = options.transport ?? http.send;
  const now = (): number => performance.now();
  const send = requestsPerSecond === undefined ? plain : paced(plain, { requestsPerSecond, now, wait });
  try {
    const { place, close } = await openWorkplace(target, profile, send, environment);
    const left: string[] = [];
    return {
      run: (testCase) => resultOf(testCase, target, place, left),
      close: async () => {
        const last = await close().finally(http.close);
        return [...left, ...last];
      },
    };
  } catch (error) {
    http.close();
    throw error;
  }
}

/**
 * Runs the cases against the target and reports on each. Everything happens in buckets that the run makes and removes.
 *
 * An unexpected error, such as one that `onResult` throws, ends the run: running cases end, what was made is removed,
 * and the error is thrown.
 *
 * @throws ConformanceError `options`; `target`, `setup` or `connection` if the target cannot be used at all;
 * `left_behind` in place of an unexpected error, its `cause`, if not everything could be removed.
 */
export async function runConformance(options: RunOptions): Promise<Report> {
  const { target, profile, cases, concurrency = 4, signal, onResult } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new ConformanceError('options', 'concurrency has to be a whole number of at least 1.');
  const started = new Date();
  const begun = performance.now();
  const runner = await openRunner(options);
  const ran: (CaseResult | undefined)[] = [];
  const runOne = async ([index, testCase]: [number, ConformanceCase]): Promise<void> => {
    const result = await runner.run(testCase);
    ran[index] = result;
    onResult?.(result);
  };
  const errors = await useAll(cases.entries(), Math.min(concurrency, cases.length), runOne, signal);
  // Only now does no case use the run's bucket any more.
  const leftBehind = await runner.close();
  if (errors.length > 0) throw namingLeft(errors[0], leftBehind);
  const results = ran.filter((result) => result !== undefined);
  return {
    format: 1,
    target: target.name,
    profile,
    started: started.toISOString(),
    milliseconds: Math.round(performance.now() - begun),
    counts: countOutcomes(results),
    results,
    notRun: cases.length - results.length,
    passedDeviations: results
      .filter(({ id, outcome }) => outcome === 'pass' && deviationOf(target, id) !== undefined)
      .map(({ id }) => id),
    leftBehind: [...leftBehind],
  };
}

/** The error that ended a run, or one that also names what is left behind. */
function namingLeft(cause: unknown, leftBehind: readonly string[]): unknown {
  if (leftBehind.length === 0) return cause;
  const message = `The run ended early: ${reasonOf(cause)}. Left behind: ${leftBehind.join('; ')}`;
  return new ConformanceError('left_behind', message, { cause });
}

async function resultOf(
  testCase: ConformanceCase,
  target: Target,
  place: Workplace,
  left: string[],
): Promise<CaseResult> {
  const { id, title } = testCase;
  const missing = whatIsMissing(target, testCase.needs);
  if (missing !== undefined) return { id, title, outcome: 'skipped', problems: [missing], milliseconds: 0 };
  const begun = performance.now();
  const { outcome, problems } = await runCase(testCase, place, left);
  const milliseconds = Math.round(performance.now() - begun);
  const known = deviationOf(target, id);
  if (outcome === 'fail' && known !== undefined) {
    const reason = known.link === undefined ? known.reason : `${known.reason} (${known.link})`;
    return { id, title, outcome: 'deviation', problems: [`known: ${reason}`, ...problems], milliseconds };
  }
  return { id, title, outcome, problems: [...problems], milliseconds };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
