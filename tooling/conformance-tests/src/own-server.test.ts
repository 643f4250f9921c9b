import { casesOf, printSummary, profileSchema, runConformance, type Profile } from '@coffer/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startOwnServer, type OwnServer } from './own-server.ts';
import { startServerOnDisk } from './server-on-disk.ts';

describe.each<readonly [store: string, start: (profile: Profile) => Promise<OwnServer>]>([
  ['in memory', startOwnServer],
  ['on the embedded store', startServerOnDisk],
])('our server %s', (_, start) => {
  it.each(profileSchema.options)('passes every case of %s and leaves nothing behind', async (profile) => {
    const { target, environment, close } = await start(profile);
    onTestFinished(close);
    const cases = casesOf(profile);
    const report = await runConformance({ target, profile, cases, environment });
    expect({ summary: printSummary(report), passed: report.counts.pass, left: report.leftBehind }).toEqual({
      summary: expect.stringMatching(/^our server .*: \d+ pass \(.* s\)\n$/) as unknown,
      passed: cases.length,
      left: [],
    });
  });
});
