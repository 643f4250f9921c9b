import { ConformanceError } from '../model/conformance-error.ts';
import type { ConformanceCase } from '../model/case.ts';
import { nameOf } from '../model/step-name.ts';
import type { Step } from '../model/step.ts';
import { judge } from './judge.ts';
import { performStep, type Stage } from './perform-step.ts';
import { removeMade } from './remove-made.ts';
import { Scope } from './scope.ts';
import type { Workplace } from './workplace.ts';

/** How the steps of a case went. */
export interface CaseRun {
  readonly outcome: 'pass' | 'fail' | 'error';
  /** A sentence for each difference, or why the case could not be carried out. */
  readonly problems: readonly string[];
}

/**
 * Runs the steps in order, up to the first whose answer is wrong, and removes what they made, also after errors.
 *
 * @param left takes the names of what the case made and could not remove.
 */
export async function runCase(testCase: ConformanceCase, place: Workplace, left: string[]): Promise<CaseRun> {
  const made = { buckets: [], applicationKeyIds: [], secrets: [], unanswered: [] };
  const stage: Stage = { place, scope: new Scope(place.values, testCase.id), made, sessions: new Map() };
  try {
    const problems = await firstProblems(testCase.steps, stage);
    return { outcome: problems.length === 0 ? 'pass' : 'fail', problems };
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    return { outcome: 'error', problems: [error.message] };
  } finally {
    left.push(...(await removeMade(place, made)));
  }
}

async function firstProblems(steps: readonly Step[], stage: Stage): Promise<readonly string[]> {
  for (const [index, step] of steps.entries()) {
    const answer = await performStep(step, stage);
    if (step.name !== undefined) stage.scope.remember(step.name, answer);
    const problems = judge(answer, step.expect ?? {}, stage.scope);
    if (problems.length > 0) return problems.map((problem) => `step ${index + 1}, ${nameOf(step)}: ${problem}`);
  }
  return [];
}
