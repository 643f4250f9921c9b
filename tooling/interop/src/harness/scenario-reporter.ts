import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** A finished scenario. */
export interface ScenarioResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Milliseconds. */
  readonly duration: number;
  readonly errors: readonly string[];
}

/** Names each scenario as it ends, and all of them with their outcome at the end. */
export class ScenarioReporter implements Reporter {
  onTestCaseResult(testCase: TestCase): void {
    console.log(scenarioLine(scenarioResult(testCase)));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    const results = modules.flatMap((module) => [...module.children.allTests()].map(scenarioResult));
    const broken = modules.flatMap((module) => [
      ...module.errors().map(({ message }) => `${module.moduleId}: ${message}`),
      ...[...module.children.allSuites()].flatMap((suite) =>
        suite.errors().map((one) => `${suite.fullName}: ${one.message}`),
      ),
    ]);
    console.log(scenarioReport(results, [...broken, ...unhandled.map(({ message }) => message)]));
  }
}

/** The whole report: what failed and why, then every scenario by name, then the count. */
export function scenarioReport(results: readonly ScenarioResult[], broken: readonly string[]): string {
  const failures = results.filter(({ outcome }) => outcome === 'failed');
  const count = (outcome: ScenarioResult['outcome']): number => results.filter((one) => one.outcome === outcome).length;
  return [
    ...broken.map((message) => `\nERROR ${message}`),
    ...failures.map(({ name, errors }) => `\nFAILED ${name}\n${errors.join('\n')}`),
    '\nInterop scenarios',
    ...results.map(scenarioLine),
    `interop: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
  ].join('\n');
}

function scenarioLine({ name, outcome, duration }: ScenarioResult): string {
  return `  ${outcome.padEnd(7)} ${name} (${(duration / 1000).toFixed(1)} s)`;
}

function scenarioResult(testCase: TestCase): ScenarioResult {
  const { state, errors } = testCase.result();
  return {
    name: testCase.fullName,
    outcome: state === 'passed' || state === 'failed' ? state : 'skipped',
    duration: testCase.diagnostic()?.duration ?? 0,
    errors: (errors ?? []).map(({ message, stack }) => stack ?? message),
  };
}
