import { fixedClock } from '@coffer/storage-testkit';
import { expect, it } from 'vitest';
import { createMetrics, type Metrics, type MetricValues } from './metrics.ts';
import type { FinishedRequest } from './finished-request.ts';
import { RequestHistory } from './request-history.ts';

const minute = 60_000;

function requests(metrics: Metrics, ...statuses: readonly number[]): void {
  const common = { operation: 'b2_list_keys', bytesIn: 0, bytesOut: 0, durationMs: 1, encryption: null };
  for (const status of statuses) {
    const event = { ...common, status, errorCode: null, refusedCredentials: null, incomplete: false };
    metrics.requestFinished(event as FinishedRequest);
  }
}

it('counts the requests of each minute, of all processes, and those that failed', async () => {
  const clock = fixedClock(0);
  const [one, other] = [createMetrics(() => 0), createMetrics(() => 0)];
  const history = new RequestHistory(clock, async () => [...(await one.values()), ...(await other.values())]);
  requests(one, 200, 206, 404, 500);
  requests(other, 200, 503, 401);
  clock.advance(minute);
  await history.nextMinute();
  requests(one, 200);
  expect(await history.minutes()).toEqual([
    { minute: 0, requests: 7, errors4xx: 2, errors5xx: 2 },
    { minute, requests: 1, errors4xx: 0, errors5xx: 0 },
  ]);
});

it('keeps an hour, and no more', async () => {
  const clock = fixedClock(0);
  const metrics = createMetrics(() => 0);
  const history = new RequestHistory(clock, () => metrics.values());
  for (let passed = 0; passed < 100; passed++) {
    requests(metrics, 200);
    clock.advance(minute);
    await history.nextMinute();
  }
  const minutes = await history.minutes();
  expect([minutes.length, minutes[0]?.minute, minutes.at(-1)?.minute]).toEqual([60, 41 * minute, 100 * minute]);
  expect(minutes.slice(0, -1).every((one) => one.requests === 1)).toBe(true);
});

it('never counts less than nothing, though a process took its figures with it', async () => {
  const metrics = createMetrics(() => 0);
  let values: readonly MetricValues[] = [];
  const history = new RequestHistory(fixedClock(0), () => Promise.resolve(values));
  requests(metrics, 200, 200);
  values = await metrics.values();
  await history.nextMinute();
  values = [];
  expect((await history.minutes()).at(-1)).toMatchObject({ requests: 0, errors4xx: 0, errors5xx: 0 });
});
