import { expect, it } from 'vitest';
import { paced } from './pace.ts';

it('spreads requests evenly, and does not hold back one that comes later', async () => {
  let time = 0;
  const begun: number[] = [];
  const wait = (milliseconds: number): Promise<void> => {
    time += milliseconds;
    return Promise.resolve();
  };
  const send = paced(
    () => {
      begun.push(time);
      return Promise.resolve({ status: 200, headers: new Map<string, string>(), body: new Uint8Array() });
    },
    { requestsPerSecond: 10, now: () => time, wait },
  );
  const request = { method: 'GET', origin: 'http://a', target: '/', headers: [], body: new Uint8Array() };
  for (const pause of [0, 0, 0, 500]) {
    time += pause;
    await send(request);
  }
  expect(begun).toEqual([0, 100, 200, 700]);
});
