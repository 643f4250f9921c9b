import type { LifecycleOutcome } from '@coffer/storage-core';
import { LifecycleError, StorageError } from '@coffer/storage-core';
import { describe, expect, it } from 'vitest';
import { startLifecycleWorker, type LifecycleWorker } from './lifecycle-worker.ts';
import type { Timer } from './timer.ts';

const outcome = (result: 'done' | 'skipped' | 'planned'): LifecycleOutcome => ({
  result,
  action: {
    ...{ kind: 'hide', bucketId: 'b', bucketName: 'bucket', fileNamePrefix: '' },
    ...{ name: 'a', fileId: 'f', uploadTimestamp: 1 },
  },
});

/** A timer that a test lets run out. */
function manualTimer() {
  const waiting: { readonly milliseconds: number; readonly callback: () => void }[] = [];
  const timer: Timer = (milliseconds, callback) => {
    const entry = { milliseconds, callback };
    waiting.push(entry);
    return () => waiting.splice(waiting.indexOf(entry), 1);
  };
  return { timer, waiting, runOut: () => waiting.shift()?.callback() };
}

type Run = (signal: AbortSignal | undefined) => AsyncGenerator<LifecycleOutcome, void>;

function open(run: Run, intervalSeconds = 60) {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const log = (level: string) => (_: unknown, text?: string) => lines.push(`${level}: ${text ?? ''}`);
  const manual = manualTimer();
  const worker: LifecycleWorker = startLifecycleWorker({
    lifecycle: { run: (options) => run(options?.signal) },
    intervalSeconds,
    timer: manual.timer,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } as never,
    onError: (error) => errors.push(error),
  });
  return { ...manual, worker, lines, errors };
}

/** Until everything that waits for nothing but its turn has had it. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the lifecycle worker', () => {
  it('runs soon after the start, and again after each interval', async () => {
    let runs = 0;
    const { waiting, runOut, lines } = open(async function* () {
      await Promise.resolve();
      runs++;
      yield outcome('done');
    });
    expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([10_000]);
    for (const expected of [1, 2, 3]) {
      runOut();
      await settled();
      expect(runs).toBe(expected);
      expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([60_000]);
    }
    expect(lines.slice(0, 2)).toEqual(['debug: lifecycle action', 'info: lifecycle rules applied']);
  });

  it('never runs with an interval of 0', async () => {
    const { waiting, worker } = open(() => expect.fail('it ran'), 0);
    expect(waiting).toEqual([]);
    await worker.stop();
  });

  it('goes on after a failure, and tells of it', async () => {
    const error = new StorageError('integrity', 'The stored file is damaged', { fileId: 'f' });
    const fatal = new StorageError('storage_unavailable', 'The storage is not available', {});
    const { waiting, runOut, lines, errors } = open(async function* () {
      await Promise.resolve();
      yield { ...outcome('done'), result: 'failed', error };
      throw fatal;
    });
    runOut();
    await settled();
    expect(errors).toEqual([error, fatal]);
    expect(lines).toEqual(['warn: lifecycle action failed', 'error: lifecycle rules could not be applied']);
    expect(waiting).toHaveLength(1);
  });

  it('tells of each bucket that failed while the others went on', async () => {
    const error = new StorageError('integrity', 'The stored file is damaged', { fileId: 'f' });
    const buckets = ['b1', 'b2'].map((bucketId) => ({ bucketId, bucketName: `bucket ${bucketId}`, error }));
    const { runOut, lines, errors } = open(async function* () {
      await Promise.resolve();
      yield outcome('done');
      throw new LifecycleError(buckets);
    });
    runOut();
    await settled();
    expect(errors).toEqual([error, error]);
    expect(lines.filter((line) => line === 'error: lifecycle rules could not be applied')).toHaveLength(2);
  });

  it('does not fill the log when everything fails, as on a full disk', async () => {
    const error = new StorageError('storage_full', 'The storage has no space left', {});
    const { runOut, lines, errors } = open(async function* () {
      await Promise.resolve();
      for (let i = 0; i < 500; i++) yield { ...outcome('done'), result: 'failed', error };
    });
    runOut();
    await expect.poll(() => lines.at(-1)).toBe('info: lifecycle rules applied');
    const countOf = (line: string) => lines.filter((one) => one === line).length;
    expect(countOf('warn: lifecycle action failed')).toBe(100);
    expect(countOf('debug: lifecycle action failed')).toBe(400);
    expect(errors).toHaveLength(500);
  });

  it('is stopped while it waits, and in the middle of a run', async () => {
    const idle = open(() => expect.fail('it ran'));
    await idle.worker.stop();
    expect(idle.waiting).toEqual([]);
    const busy = open(async function* (signal) {
      for (;;) {
        yield outcome('done');
        await settled();
        signal?.throwIfAborted();
      }
    });
    busy.runOut();
    await settled();
    await busy.worker.stop();
    await busy.worker.stop();
    expect(busy.lines.at(-1)).toBe('info: lifecycle rules applied in part: the server stops');
    expect(busy.waiting).toEqual([]);
    expect(busy.errors).toEqual([]);
  });

  it('says once that rules pause while the clock is doubted, and goes on when it is not', async () => {
    let isDoubted = true;
    const { runOut, lines, errors } = open(async function* () {
      await Promise.resolve();
      if (isDoubted) throw new StorageError('clock_doubted', 'x', { doubt: 'jumped' });
      yield outcome('done');
    });
    const look = async () => {
      runOut();
      await settled();
      return lines.at(-1);
    };
    expect(await look()).toBe('warn: lifecycle rules pause until the clock is confirmed');
    expect(await look()).toBe('debug: lifecycle rules pause until the clock is confirmed');
    isDoubted = false;
    expect(await look()).toBe('info: lifecycle rules applied');
    isDoubted = true;
    expect(await look()).toBe('warn: lifecycle rules pause until the clock is confirmed');
    expect(errors).toEqual([]);
  });
});
