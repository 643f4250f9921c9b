import type { Client } from '@coffer/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Transfers, transfersOf } from './transfers.ts';

const about = (name: string, total = 100) => ({ kind: 'upload', name, bucketName: 'bucket', total }) as const;

describe('the transfers of a session', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are published some times a second, however often they change', () => {
    const transfers = new Transfers();
    let published = 0;
    transfers.subscribe(() => published++);
    const id = transfers.add(about('a'), { cancel: () => undefined });
    for (let bytes = 1; bytes <= 100; bytes++) transfers.update(id, { state: 'running', bytes, moved: 1 });
    expect(published).toBe(0);
    vi.advanceTimersByTime(200);
    expect(published).toBe(1);
    const { counts, bytes, total, rows } = transfers.view();
    expect([counts.running, counts.waiting, bytes, total]).toEqual([1, 0, 100, 100]);
    expect(rows.map((row) => [row.name, row.bytes])).toEqual([['a', 100]]);
    transfers.update(id, { state: 'done' });
    vi.advanceTimersByTime(2_000);
    expect(transfers.isActive).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shows what is of interest of thousands, and counts all', () => {
    const transfers = new Transfers();
    const ids = Array.from({ length: 10_000 }, (_, n) => transfers.add(about(String(n)), { cancel: () => undefined }));
    transfers.update(ids[9_000]!, { state: 'failed' });
    for (const id of ids.slice(0, 5_000)) transfers.update(id, { state: 'done' });
    vi.advanceTimersByTime(200);
    const { counts, bytes, total, rows } = transfers.view();
    expect(counts).toEqual({
      waiting: 4_999,
      checking: 0,
      running: 0,
      paused: 0,
      done: 5_000,
      failed: 1,
      cancelled: 0,
    });
    expect([bytes, total]).toEqual([500_000, 1_000_000]);
    expect(rows.length).toBeLessThan(60);
    expect(rows[0]?.name).toBe('9000');
    expect(rows.at(-10)?.name).toBe('4999');
    transfers.clear();
    vi.advanceTimersByTime(200);
    expect([transfers.view().total, transfers.view().bytes]).toEqual([499_900, 0]);
  });

  it('ends with the session: nothing is listed, and no timer runs', () => {
    const [client, ending] = [{} as Client, new AbortController()];
    const transfers = transfersOf({ client, ending });
    expect(transfersOf({ client, ending })).toBe(transfers);
    const id = transfers.add(about('a'), { cancel: () => undefined });
    transfers.update(id, { state: 'running', bytes: 10, moved: 10 });
    vi.advanceTimersByTime(5_000);
    expect(vi.getTimerCount()).toBe(1);
    ending.abort();
    expect(vi.getTimerCount()).toBe(0);
    expect([transfers.get(id), transfers.isActive, transfers.view().rows]).toEqual([undefined, false, []]);
    transfers.update(id, { state: 'done' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not count what was read to be checked, and pauses what waits before what runs', () => {
    const transfers = new Transfers();
    const paused: string[] = [];
    const ids = ['a', 'b'].map((name) =>
      transfers.add(about(name), { pause: () => paused.push(name), cancel: () => undefined }),
    );
    transfers.update(ids[0]!, { state: 'checking', isChecking: true, bytes: 80 });
    vi.advanceTimersByTime(200);
    expect(transfers.view().bytes).toBe(0);
    transfers.update(ids[0]!, { state: 'paused' });
    vi.advanceTimersByTime(200);
    expect(transfers.view().bytes).toBe(0);
    transfers.update(ids[0]!, { state: 'running', isChecking: false, bytes: 30 });
    vi.advanceTimersByTime(200);
    expect(transfers.view().bytes).toBe(30);
    transfers.pauseAll();
    expect(paused).toEqual(['b', 'a']);
  });
});
