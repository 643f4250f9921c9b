import { expect, it } from 'vitest';
import { ConformanceError } from '../model/conformance-error.ts';
import type { CaseRunner } from './case-runner.ts';
import { SuiteRunner } from './suite-runner.ts';

const runnerLeaving = (...left: readonly string[]): CaseRunner => ({
  run: () => Promise.reject(new RangeError('no case is run here')),
  close: () => Promise.resolve(left),
});

it('throws the error of opening only, and closes what is not open without one', async () => {
  const suite = new SuiteRunner();
  const error = new ConformanceError('setup', 'b2_create_bucket was refused');
  await expect(suite.open(Promise.reject(error))).rejects.toBe(error);
  await expect(suite.close()).resolves.toBeUndefined();
});

it('names what is left behind', async () => {
  const suite = new SuiteRunner();
  await suite.open(Promise.resolve(runnerLeaving('bucket a', 'bucket b')));
  await expect(suite.close()).rejects.toThrow('bucket a; bucket b');
});
