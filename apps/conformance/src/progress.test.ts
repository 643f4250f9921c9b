import type { CaseResult } from '@coffer/conformance';
import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';

const result = (id: string, outcome: CaseResult['outcome'], ...problems: string[]): CaseResult => ({
  ...{ id, title: `title of ${id}`, requirement: 'Something.', source: { kind: 'rfc', name: 'none' } },
  ...{ outcome, problems, missing: [], exchanges: [], milliseconds: 1 },
});

/** What is written, and what a terminal shows of it in the end. */
function progressOn(columns: number | undefined, environment: Readonly<Record<string, string>>) {
  let [written, time] = ['', 0];
  const terminal = {
    ...{ environment, stdout: () => undefined, stderr: (text: string) => (written += text) },
    ...(columns !== undefined && { columns: () => columns }),
  };
  const progress = createProgress(terminal, () => time);
  return {
    progress,
    written: () => written,
    // eslint-disable-next-line no-control-regex -- this is what empties the line
    shown: () => written.replaceAll(/[^\n]*\r\u001b\[K/g, ''),
    pass: (milliseconds: number) => (time += milliseconds),
  };
}

const plain = { NO_COLOR: '1' };

describe('on a terminal', () => {
  it('is one line below what failed', () => {
    const { progress, shown, pass } = progressOn(80, plain);
    progress.onBegin({ toRun: 200, kept: 0 });
    expect(shown()).toBe('0/200');
    pass(500);
    progress.onResult(result('s3/a', 'pass'));
    expect(shown()).toBe('1/200  1 pass  2.0 cases/s  1 min 40 s left');
    progress.onResult(result('s3/b', 'fail', 'status is 200', 'and more'));
    progress.onResult(result('s3/c', 'skipped', 'not declared'));
    pass(500);
    progress.onResult(result('s3/d', 'error', 'cut off'));
    expect(shown()).toBe(`FAIL s3/b: title of s3/b
  status is 200
  and more
ERROR s3/d: title of s3/d
  cut off
4/200  1 pass  1 fail  1 skipped  1 error  4.0 cases/s  49 s left`);
    progress.end();
    expect(shown()).toMatch(/cut off\n$/);
  });

  it('says what was taken up', () => {
    const { progress, shown } = progressOn(80, plain);
    progress.onBegin({ toRun: 3, kept: 40 });
    expect(shown()).toBe('taken up: 40 results are kept, 3 cases run\n0/3');
  });

  it('never reaches the end of the line', () => {
    const { progress, shown, pass } = progressOn(12, plain);
    progress.onBegin({ toRun: 1000, kept: 0 });
    pass(10);
    progress.onResult(result('s3/a', 'pass'));
    expect(shown()).toBe('1/1000');
  });

  it('has colours unless NO_COLOR forbids them, and words with them', () => {
    const written = (environment: Readonly<Record<string, string>>): string => {
      const { progress, written } = progressOn(80, environment);
      progress.onBegin({ toRun: 1, kept: 0 });
      progress.onResult(result('s3/a', 'fail', 'why'));
      return written();
    };
    expect(written({})).toContain('\u001b[31mFAIL\u001b[0m s3/a');
    expect(written({ NO_COLOR: '' })).toContain('\u001b[31m1 fail\u001b[0m');
    expect(written(plain).replaceAll('\u001b[K', '')).not.toContain('\u001b');
  });
});

it.each([
  ['without a terminal', undefined, {}],
  ['on one that can nothing', 80, { TERM: 'dumb' }],
])('is a line per case %s', (_, columns, environment) => {
  const { progress, written } = progressOn(columns, environment);
  progress.onBegin({ toRun: 2, kept: 1 });
  progress.onResult(result('s3/a', 'pass'));
  progress.onResult(result('s3/b', 'fail', 'why'));
  progress.end();
  expect(written()).toBe('taken up: 1 results are kept, 2 cases run\n[1/2] pass s3/a\n[2/2] fail s3/b\n');
});
