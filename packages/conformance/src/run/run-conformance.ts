import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import type { CaseResult, Report } from '../report/report.ts';
import { openJournalingRunner, type JournalingRunner, type RunnerOptions } from './case-runner.ts';
import { JournalFailure } from './journal.ts';
import { RunState } from './run-state.ts';
import { takeUp } from './take-up.ts';
import { useAll } from './use-all.ts';

export interface RunOptions extends RunnerOptions {
  readonly cases: readonly ConformanceCase[];
  /** Cases at the same time, a whole number of at least 1; 4 if left out. */
  readonly concurrency?: number;
  /** Once it aborts, no further case begins. The running cases end, what was made is removed, and there is a report. */
  readonly signal?: AbortSignal;
  /** Called before the first case: how many cases run, and how many results of `earlier` stay. */
  readonly onBegin?: (cases: { readonly toRun: number; readonly kept: number }) => void;
  /** Called as each case ends. */
  readonly onResult?: (result: CaseResult) => void;
  /**
   * The report of an earlier run of the same target, profile and version of the suite, that ended early or was given to
   * `keep`. What that run left behind is removed first. Cases that passed there, were skipped or are a known deviation
   * do not run again. That run must have ended.
   */
  readonly earlier?: Report;
  /**
   * Keeps a report where it survives the process, for `earlier` of a later run. It is called, never twice at a time,
   * before something is made, after some results each, and at the end; an error that it throws ends the run.
   */
  readonly keep?: (report: Report) => Promise<void>;
}

/**
 * Runs the cases against the target and reports on each. Everything happens in buckets that the run makes and removes.
 *
 * An unexpected error, such as one that `onResult` or `keep` throws, ends the run: running cases end, what was made is
 * removed, and the error is thrown.
 *
 * @throws ConformanceError `options`, also if `earlier` is of something else; `target`, `setup` or `connection` if the
 * target cannot be used at all; `left_behind` in place of an unexpected error, its `cause`, if not everything could be
 * removed.
 */
export async function runConformance(options: RunOptions): Promise<Report> {
  const { target, profile, cases, concurrency = 4, signal, onResult, keep } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new ConformanceError('options', 'concurrency has to be a whole number of at least 1.');
  const earlier = options.earlier && takeUp(options.earlier, target, profile, cases);
  const state = new RunState({ target, profile, cases, earlier, keep });
  const runner = await openKeeping(options, state);
  const runOne = async (testCase: ConformanceCase): Promise<void> => {
    const result = await runner.run(testCase);
    await state.add(result);
    onResult?.(result);
  };
  const runAll = async (): Promise<readonly unknown[]> => {
    const open = cases.filter((testCase) => !state.has(testCase));
    await runner.removeEarlier(earlier?.made ?? []);
    options.onBegin?.({ toRun: open.length, kept: cases.length - open.length });
    return useAll(open, Math.min(concurrency, cases.length), runOne, signal);
  };
  const errors = await runAll().catch((error: unknown) => [error]);
  // Only now does no case use the run's bucket any more.
  const leftBehind = await runner.close();
  if (errors.length > 0) throw await namingLeft(asThrown(errors[0]), leftBehind, state);
  await state.save();
  return state.report();
}

/** Opens a runner whose journal is the state. */
async function openKeeping(options: RunOptions, state: RunState): Promise<JournalingRunner> {
  try {
    const runner = await openJournalingRunner(options, state);
    state.leftBehind = runner.leftBehind;
    return runner;
  } catch (error) {
    // The bucket of the run may be noted, and refused. Why there is no run is more important than why that is not kept.
    await state.save().catch(() => undefined);
    throw asThrown(error);
  }
}

/** What `keep` threw, in place of the error that tells it from those of an endpoint. */
function asThrown(error: unknown): unknown {
  return error instanceof JournalFailure ? error.cause : error;
}

/** The error that ended a run, or one that also names what is left behind. */
async function namingLeft(cause: unknown, leftBehind: readonly string[], state: RunState): Promise<unknown> {
  // Perhaps it was keeping the state that failed; then it may fail again.
  await state.save().catch(() => undefined);
  if (leftBehind.length === 0) return cause;
  const message = `The run ended early: ${reasonOf(cause)}. Left behind: ${leftBehind.join('; ')}`;
  return new ConformanceError('left_behind', message, { cause });
}
