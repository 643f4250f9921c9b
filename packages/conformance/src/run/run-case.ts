import { ConformanceError } from '../model/conformance-error.ts';
import type { ConformanceCase } from '../model/case.ts';
import { customerKey, customerKeyNames } from '../model/customer-key.ts';
import { nameOf } from '../model/step-name.ts';
import type { Step } from '../model/step.ts';
import type { Exchange } from '../report/exchange.ts';
import { ExchangeRecorder } from './exchange-recorder.ts';
import { judge } from './judge.ts';
import { performStep, type Stage } from './perform-step.ts';
import { removeMade } from './remove-made.ts';
import { Scope } from './scope.ts';
import { nothingMade, secretsOf, sendingBy, type Workplace } from './workplace.ts';

/** How the steps of a case went. */
export interface CaseRun {
  readonly outcome: 'pass' | 'fail' | 'error';
  /** A sentence for each difference, or why the case could not be carried out. */
  readonly problems: readonly string[];
  /** What was sent and received, unless it passed. */
  readonly exchanges: readonly Exchange[];
}

/**
 * Runs the steps in order, up to the first whose answer is wrong, and removes what they made, also after errors.
 *
 * @param left takes the names of what the case made and could not remove.
 */
export async function runCase(testCase: ConformanceCase, place: Workplace, left: string[]): Promise<CaseRun> {
  const made = nothingMade();
  const recorder = new ExchangeRecorder(place.send, [
    ...secretsOf(place),
    ...customerKeyNames.map((name) => customerKey(name).key),
  ]);
  const recorded = sendingBy(recorder.send, place);
  const stage: Stage = { place: recorded, scope: new Scope(place.values, testCase.id), made, sessions: new Map() };
  try {
    const problems = await firstProblems(testCase.steps, stage, recorder);
    return problems.length === 0 ? { outcome: 'pass', problems, exchanges: [] } : shown(recorder, 'fail', problems);
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    return shown(recorder, 'error', [error.message]);
  } finally {
    left.push(...(await removeMade(place, made)).map((what) => recorder.redact(what)));
  }
}

function shown(recorder: ExchangeRecorder, outcome: 'fail' | 'error', problems: readonly string[]): CaseRun {
  return { outcome, problems: problems.map((problem) => recorder.redact(problem)), exchanges: recorder.exchanges() };
}

async function firstProblems(
  steps: readonly Step[],
  stage: Stage,
  recorder: ExchangeRecorder,
): Promise<readonly string[]> {
  for (const [index, step] of steps.entries()) {
    recorder.step = index + 1;
    const answer = await performStep(step, stage);
    if (step.name !== undefined) stage.scope.remember(step.name, answer);
    const problems = judge(answer, step.expect ?? {}, stage.scope);
    if (problems.length > 0) return problems.map((problem) => `step ${index + 1}, ${nameOf(step)}: ${problem}`);
  }
  return [];
}
