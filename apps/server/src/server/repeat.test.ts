import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';
import type { Timer } from './timer.ts';

/** Timers that a test lets ring. */
function handTimer() {
  const waiting = new Map<() => void, number>();
  const timer: Timer = (milliseconds, callback) => {
    waiting.set(callback, milliseconds);
    return () => waiting.delete(callback);
  };
  const ring = () => {
    const [callback] = [...waiting.keys()];
    waiting.delete(callback!);
    callback!();
  };
  return { timer, ring, waits: () => [...waiting.values()] };
}

function scene() {
  const hand = handTimer();
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  const stop = repeat({ timer: hand.timer, firstMilliseconds: 10, everyMilliseconds: 60, work });
  return { ...hand, ends, stop };
}

test('each time is waited for before the next is', async () => {
  const { ring, waits, ends } = scene();
  expect(waits()).toEqual([10]);
  ring();
  expect(waits()).toEqual([]);
  ends[0]!();
  await expect.poll(waits).toEqual([60]);
  ring();
  expect(ends).toHaveLength(2);
});

test('nothing is begun after it was stopped, and what is under way is waited for', async () => {
  const { ring, waits, ends, stop } = scene();
  ring();
  let isStopped = false;
  const stopping = stop().then(() => (isStopped = true));
  await new Promise(setImmediate);
  expect(isStopped).toBe(false);
  ends[0]!();
  await stopping;
  expect(waits()).toEqual([]);
  await stop();
});

test('one that is stopped while it waits is not begun', async () => {
  const { waits, ends, stop } = scene();
  await stop();
  expect([waits(), ends]).toEqual([[], []]);
});
