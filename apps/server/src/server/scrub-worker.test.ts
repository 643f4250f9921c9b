import type {
  Finding,
  VerificationCounts,
  VerificationCursor,
  VerificationOptions,
  VerificationRun,
} from '@coffer/storage-core';
import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import type { KeptRuns } from '../data/cursor-file.ts';
import { startScrubWorker } from './scrub-worker.ts';
import type { Timer } from './timer.ts';

const noCounts: VerificationCounts = {
  ...{ rows: 0, references: 0, blobs: 0, bytes: 0, withoutKey: 0, unsettled: 0, damaged: 0, orphans: 0 },
};
const cursorAt = (after: string): VerificationCursor => ({
  ...{ stage: 'parts', after, bucketId: null },
  counts: { ...noCounts, bytes: 10 },
});
const finding = (kind: Finding['kind']): Finding => ({
  ...{ kind, table: 'parts', bucketId: 'b', bucketName: 'bucket', name: 'secret name', fileId: 'f' },
  ...{ partNumber: 1, blobId: 'c', detail: 'The blob c is not there' },
});

type Findings = (options: VerificationOptions) => AsyncGenerator<Finding, void>;

function open(
  findings: Findings,
  { intervalSeconds = 1_000, kept }: { intervalSeconds?: number; kept?: KeptRuns } = {},
) {
  const waiting: { readonly milliseconds: number; readonly callback: () => void }[] = [];
  const timer: Timer = (milliseconds, callback) => {
    const entry = { milliseconds, callback };
    waiting.push(entry);
    return () => {
      if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
    };
  };
  const lines: string[] = [];
  const log = (level: string) => (_: unknown, text?: string) => lines.push(`${level}: ${text ?? String(_)}`);
  const clock = fixedClock(5_000_000);
  const saved: KeptRuns[] = [];
  const begun: VerificationOptions[] = [];
  const errors: unknown[] = [];
  const counts = { ...noCounts };
  const begin = (options: VerificationOptions = {}): Promise<VerificationRun> => {
    begun.push(options);
    if (options.from?.after === 'refused') return Promise.reject(new Error('another version'));
    Object.assign(counts, noCounts, options.from?.counts);
    return Promise.resolve({
      ...{ cursor: cursorAt('ab'), counts, stage: { name: 'parts', number: 0, of: 1 }, share: null },
      findings: () => findings(options),
    });
  };
  const worker = startScrubWorker({
    ...{ verification: { begin }, intervalSeconds, bytesPerSecond: 7, clock, timer, onError: (e) => errors.push(e) },
    memory: {
      load: () => Promise.resolve(saved.at(-1) ?? kept),
      save: (runs) => {
        saved.push(runs);
        return Promise.resolve();
      },
    },
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } as never,
  });
  return { waiting, runOut: () => waiting.shift()?.callback(), worker, lines, clock, saved, begun, errors, counts };
}

const settled = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function* nothing(): AsyncGenerator<Finding, void> {
  // Nothing is wrong.
}

describe('the scrub', () => {
  it('begins soon after the first start, and again an interval after its end', async () => {
    const scene = open(nothing);
    expect(scene.waiting.map(({ milliseconds }) => milliseconds)).toEqual([60_000]);
    expect(scene.worker.figures.finishedAt).toBeNull();
    scene.runOut();
    await settled();
    expect(scene.begun).toMatchObject([{ bytesPerSecond: 7 }]);
    expect(scene.saved.at(-1)).toEqual({ cursor: null, finishedAt: 5_000_000 });
    expect(scene.worker.figures.finishedAt).toBe(5_000_000);
    expect(scene.waiting.map(({ milliseconds }) => milliseconds)).toEqual([1_000_000]);
    scene.clock.advance(1_000_000);
    scene.runOut();
    await settled();
    expect(scene.begun).toHaveLength(2);
    expect(scene.lines).toEqual(['info: scrub: all is whole', 'info: scrub: all is whole']);
  });

  it('never runs with an interval of 0', async () => {
    const { waiting, worker } = open(nothing, { intervalSeconds: 0 });
    expect(waiting).toEqual([]);
    await worker.stop();
  });

  it('waits for the rest of the interval after a start', async () => {
    const scene = open(nothing, { kept: { cursor: null, finishedAt: 4_600_000 } });
    scene.runOut();
    await settled();
    expect(scene.begun).toEqual([]);
    expect(scene.worker.figures.finishedAt).toBe(4_600_000);
    expect(scene.waiting.map(({ milliseconds }) => milliseconds)).toEqual([600_000]);
    scene.runOut();
    await settled();
    expect(scene.begun).toHaveLength(1);
  });

  it('goes on with a run that was not ended, or begins anew where it cannot', async () => {
    const from = cursorAt('cd');
    const scene = open(nothing, { kept: { cursor: from, finishedAt: 4_999_999 } });
    scene.runOut();
    await settled();
    expect(scene.begun).toMatchObject([{ from }]);
    expect(scene.worker.figures.bytes).toBe(0);
    const other = open(nothing, { kept: { cursor: cursorAt('refused'), finishedAt: null } });
    other.runOut();
    await settled();
    expect(other.begun).toHaveLength(2);
    expect(other.begun[1]).not.toHaveProperty('from');
    expect(other.lines[0]).toContain('begins anew');
  });

  it('logs a line for each finding, up to a bound, and no names of files', async () => {
    const scene = open(async function* () {
      await Promise.resolve();
      yield finding('orphan');
      for (let n = 0; n < 150; n++) {
        scene.counts.damaged++;
        yield finding('blob-missing');
      }
    });
    scene.runOut();
    await settled();
    const errors = scene.lines.filter((line) => line.startsWith('error'));
    expect(errors).toHaveLength(102);
    expect(errors[0]).toBe('error: scrub: The blob c is not there');
    expect(errors.at(-2)).toContain('only counted');
    expect(errors.at(-1)).toBe('error: scrub: data is damaged');
    expect(scene.lines.join()).not.toContain('secret name');
    expect(scene.worker.figures.damaged).toBe(150);
  });

  it('keeps how far it has come when it is stopped, and while it goes on', async () => {
    const scene = open(async function* ({ signal }) {
      yield finding('orphan');
      await new Promise((_, reject) => {
        signal!.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    });
    scene.runOut();
    await settled();
    expect(scene.waiting.map(({ milliseconds }) => milliseconds)).toEqual([60_000]);
    scene.runOut();
    await settled();
    expect(scene.saved).toEqual([{ cursor: cursorAt('ab'), finishedAt: null }]);
    await scene.worker.stop();
    expect(scene.saved).toHaveLength(2);
    expect(scene.waiting).toEqual([]);
    expect(scene.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('tells of a failure, and goes on later', async () => {
    const failure = new Error('the disk does not answer');
    const scene = open(async function* () {
      await Promise.resolve();
      yield finding('orphan');
      throw failure;
    });
    scene.runOut();
    await settled();
    expect(scene.errors).toEqual([failure]);
    expect(scene.saved.at(-1)?.cursor).toEqual(cursorAt('ab'));
    expect(scene.waiting.map(({ milliseconds }) => milliseconds)).toEqual([1_000_000]);
  });
});
