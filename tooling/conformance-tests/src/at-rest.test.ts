import { printAtRestSummary, runAtRest, type AtRestReport, type Verdict } from '@coffer/conformance';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ownProcess } from './own-process.ts';

/** Set by the script at-rest: every check of every profile, instead of the files of one size of each protocol. */
const long = process.env['COFFER_AT_REST'] === 'long';

const idsOf = ({ results }: AtRestReport, verdict: Verdict): readonly string[] =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

/** What is stored is the same whichever protocol wrote it: each tries what the other one does not. */
const short = {
  'b2-classic': [
    ...['canary', 'keys', 'equal-content', 'structure', 'keystream'],
    ...['flip/sse-c/large', 'parts/sse-c/large', 'versions/sse-b2/file', 'flip/sse-b2/small'],
  ],
  s3: [
    'flip/sse-s3/file',
    'reorder/sse-s3/file',
    'truncate/sse-c/file',
    'exchange/sse-c/file',
    'downgrade/sse-s3/file',
  ],
} as const;

async function run(profile: 'b2-classic' | 'b2-2026' | 's3', filter: readonly string[]): Promise<AtRestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-at-rest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { target, environment } = await ownProcess(profile, join(folder, 'data'));
  const report = await runAtRest({ target, profile, environment, allowDamage: true, filter });
  if (long) process.stdout.write(printAtRestSummary(report));
  expect(await readdir(folder)).toEqual([]);
  return report;
}

it.runIf(!long).each(['b2-classic', 's3'] as const)('gives out nothing that is wrong: %s', async (profile) => {
  const report = await run(profile, short[profile]);
  expect(idsOf(report, 'fail')).toEqual([]);
  // Small files are rows of the metadata, which nobody but the server can tell apart.
  expect(idsOf(report, 'cannot tell').filter((id) => !id.endsWith('/small'))).toEqual([]);
  const noticed = report.results.flatMap(({ trials }) => trials).filter(({ outcome }) => outcome === 'detected');
  expect(noticed.length).toBeGreaterThan(10);
});

it.runIf(long).each(['b2-classic', 'b2-2026', 's3'] as const)(
  'gives out nothing that is wrong: all of %s',
  async (profile) => {
    const report = await run(profile, []);
    expect(idsOf(report, 'fail')).toEqual([]);
    const untold = idsOf(report, 'cannot tell').filter((id) => !id.endsWith('/small'));
    // Without plain files there is nothing that shows that a search finds what is there.
    expect(untold.filter((id) => profile !== 'b2-2026' || !/canary|keys/.test(id))).toEqual([]);
  },
);
