import { casesOf, printSummary, profileSchema, runConformance } from '@coffer/conformance';
import { expect, it, onTestFinished } from 'vitest';
import { startOwnServer } from './own-server.ts';

it.each(profileSchema.options)('passes every case of %s and leaves nothing behind', async (profile) => {
  const { target, environment, close } = await startOwnServer(profile);
  onTestFinished(close);
  const cases = casesOf(profile);
  const report = await runConformance({ target, profile, cases, environment });
  expect({ summary: printSummary(report), passed: report.counts.pass, left: report.leftBehind }).toEqual({
    summary: expect.stringMatching(/^our server in memory, .*: \d+ pass \(.* s\)\n$/) as unknown,
    passed: cases.length,
    left: [],
  });
});
