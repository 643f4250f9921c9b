import { expect, test } from 'vitest';
import { scenarioReport } from './scenario-reporter.ts';

test('every scenario is named with its outcome, failures with their reason', () => {
  const report = scenarioReport(
    [
      { name: 'http > a', outcome: 'passed', duration: 1234, errors: [] },
      { name: 'http > b', outcome: 'failed', duration: 10, errors: ['no such bytes'] },
    ],
    ['a file did not load'],
  );
  expect(report).toContain('ERROR a file did not load');
  expect(report).toContain('FAILED http > b\nno such bytes');
  expect(report).toContain(
    '  passed  http > a (1.2 s)\n  failed  http > b (0.0 s)\ninterop: 1 passed, 1 failed, 0 skipped',
  );
});
