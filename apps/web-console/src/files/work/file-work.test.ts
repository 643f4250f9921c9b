import { describe, expect, it } from 'vitest';
import type { WorkItem } from './file-selection.ts';
import { CountedItems, countWork, inTurn, itemsIn, runWork } from './file-work.ts';

async function* items(count: number, more: Partial<WorkItem> = {}): AsyncGenerator<WorkItem, void> {
  await Promise.resolve();
  for (let at = 0; at < count; at++) {
    yield { name: String(at), fileId: String(at), size: 10, kind: 'file', time: at, ...more };
  }
}

const ignore = (): void => undefined;
const untouched = new AbortController().signal;

describe('counting', () => {
  it('tells names, versions and bytes, and how far it is', async () => {
    const seen: number[] = [];
    const count = await countWork(items(2_500, { name: 'the same' }), (so) => seen.push(so.versions));
    expect(count).toEqual({ files: 1, versions: 2_500, hideMarkers: 0, unfinished: 0, bytes: 25_000 });
    expect(seen).toEqual([1_000, 2_000]);
    const markers = await countWork(items(3, { kind: 'hideMarker', size: 0 }), ignore);
    expect(markers).toMatchObject({ files: 3, versions: 0, hideMarkers: 3 });
    expect(itemsIn(markers)).toBe(3);
  });
});

describe('what was counted', () => {
  const item: WorkItem = { name: 'a', fileId: '1', size: 1, kind: 'file', time: 5 };

  it('is exactly what is worked on', async () => {
    const counted = new CountedItems();
    await countWork(counted.note(items(10)), ignore);
    const done: string[] = [];
    const act = ({ fileId }: WorkItem) => Promise.resolve(done.push(fileId));
    const result = await runWork(items(15), act, { signal: untouched, onProgress: ignore, counted });
    expect(done).toEqual(Array.from({ length: 10 }, (_, at) => String(at)));
    expect(result).toMatchObject({ done: 10, failed: 0, skipped: 5 });
  });

  it('is neither an older version that has become the current one, nor a large file that was finished since', () => {
    const counted = new CountedItems();
    counted.add(item);
    counted.add({ ...item, fileId: '2', kind: 'unfinished' });
    expect(counted.has(item)).toBe(true);
    expect(counted.has({ ...item, fileId: '0', time: 4 })).toBe(false);
    expect(counted.has({ ...item, fileId: '2' })).toBe(false);
  });

  it('is told by the time alone where there is too much to remember', () => {
    const counted = new CountedItems(1);
    counted.add(item);
    counted.add({ ...item, fileId: '2', time: 7 });
    expect([6, 7, 8].map((time) => counted.has({ ...item, fileId: '3', time }))).toEqual([true, true, false]);
  });
});

describe('work', () => {
  it('does eight things at a time, and no more', async () => {
    let [running, most] = [0, 0];
    const result = await runWork(
      items(100),
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      },
      { signal: untouched, onProgress: ignore },
    );
    expect(most).toBe(8);
    expect(result).toEqual({ done: 100, bytes: 1_000, failed: 0, skipped: 0, failures: [] });
  });

  it('goes on after failures, and lists the first thousand of them', async () => {
    const refused = new TypeError('refused');
    const result = await runWork(
      items(2_000),
      ({ fileId }) => (Number(fileId) % 4 === 0 ? Promise.resolve() : Promise.reject(refused)),
      { signal: untouched, onProgress: ignore },
    );
    expect([result.done, result.failed, result.failures.length]).toEqual([500, 1_500, 1_000]);
    expect(result.failures[0]).toMatchObject({ item: { fileId: '1' }, error: refused });
  });

  it('waits for items of the same name, in their order, also after a failure, and for no others', async () => {
    const log: string[] = [];
    const ends = new Map<string, (error?: Error) => void>();
    const act = inTurn(async ({ name, fileId }) => {
      log.push(`${name}${fileId}`);
      const error = await new Promise<Error | undefined>((resolve) => ends.set(`${name}${fileId}`, resolve));
      if (error) throw error;
    });
    const begin = (name: string, fileId: string) =>
      act({ name, fileId, size: 1, kind: 'file', time: 0 }, untouched).catch(() => 'failed');
    const done = [begin('a', '1'), begin('a', '2'), begin('b', '1'), begin('a', '3')];
    await expect.poll(() => log).toEqual(['a1', 'b1']);
    ends.get('a1')?.(new TypeError('refused'));
    await expect.poll(() => log).toEqual(['a1', 'b1', 'a2']);
    ends.get('a2')?.();
    await expect.poll(() => log).toEqual(['a1', 'b1', 'a2', 'a3']);
    ends.get('a3')?.();
    ends.get('b1')?.();
    expect(await Promise.all(done)).toEqual(['failed', undefined, undefined, undefined]);
  });

  it('ends when it is cancelled, after what is under way', async () => {
    const controller = new AbortController();
    let [begun, ended] = [0, 0];
    const work = runWork(
      items(1_000),
      async () => {
        if (++begun === 20) controller.abort();
        await new Promise((resolve) => setImmediate(resolve));
        ended++;
      },
      { signal: controller.signal, onProgress: ignore },
    );
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(begun).toBeLessThan(30);
    expect(ended).toBe(begun);
  });
});
