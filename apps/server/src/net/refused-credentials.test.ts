import { expect, it } from 'vitest';
import { collectLog } from '../test-support/temporary-place.ts';
import { createLogger } from '../observe/logger.ts';
import { RefusedCredentials } from './refused-credentials.ts';

async function place(longestDelayMs = 2_000) {
  const log = collectLog();
  const state = { now: 1_000_000, timers: [] as { milliseconds: number; go: () => void }[] };
  const refused = new RefusedCredentials({
    clock: { now: () => state.now, elapsed: () => ({ boot: 'test', milliseconds: state.now }) },
    timer: (milliseconds, go) => {
      const timer = { milliseconds, go };
      state.timers.push(timer);
      return () => {
        state.timers = state.timers.filter((each) => each !== timer);
      };
    },
    longestDelayMs,
    logger: await createLogger({ logLevel: 'info', logFormat: 'json', destination: log }),
  });
  const fail = (address: string, signal = new AbortController().signal) =>
    refused.refused({ peer: { address, loopback: false, secure: true }, signal });
  return {
    state,
    fail,
    lines: () =>
      log
        .text()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as object),
  };
}

it('lets some failures pass, and makes those that follow wait longer and longer, up to two seconds', async () => {
  const { state, fail } = await place();
  for (let i = 0; i < 10; i++) expect(await fail('192.0.2.1')).toBe(false);
  const delays: number[] = [];
  for (let i = 0; i < 8; i++) {
    const answered = fail('192.0.2.1');
    delays.push(state.timers[0]!.milliseconds);
    state.timers[0]!.go();
    expect(await answered).toBe(false);
  }
  expect(delays).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000]);
  expect(await fail('192.0.2.2')).toBe(false);
  state.now += 60_000;
  expect(await fail('192.0.2.1')).toBe(false);
});

it('lets nobody wait where it is told so', async () => {
  const { state, fail } = await place(0);
  for (let i = 0; i < 40; i++) expect(await fail('192.0.2.1')).toBe(false);
  expect(state.timers).toEqual([]);
});

it('holds few answers at once, and has the connections of the others closed', async () => {
  const { state, fail } = await place();
  for (let i = 0; i < 10; i++) await fail('192.0.2.1');
  const waiting = Array.from({ length: 16 }, () => fail('192.0.2.1'));
  expect(await fail('192.0.2.1')).toBe(true);
  expect(state.timers).toHaveLength(16);
  for (const { go } of [...state.timers]) go();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
});

it('does not wait for a client that has gone', async () => {
  const { state, fail } = await place();
  for (let i = 0; i < 10; i++) await fail('192.0.2.1');
  const gone = new AbortController();
  const answered = fail('192.0.2.1', gone.signal);
  gone.abort();
  await answered;
  expect(state.timers).toEqual([]);
});

it('logs each address once a minute, with how many there were the minute before', async () => {
  const { state, fail, lines } = await place();
  for (let i = 0; i < 5; i++) await fail('192.0.2.1');
  await fail('192.0.2.2');
  state.now += 60_000;
  for (let i = 0; i < 5; i++) await fail('192.0.2.1');
  expect(lines()).toMatchObject([
    { level: 'warn', peer: '192.0.2.1', failuresBefore: 0 },
    { level: 'warn', peer: '192.0.2.2', failuresBefore: 0 },
    { level: 'warn', peer: '192.0.2.1', failuresBefore: 5 },
  ]);
});

it('remembers so many addresses and no more', async () => {
  const { fail, lines } = await place();
  for (let i = 0; i <= 10_000; i++) await fail(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  await fail('10.0.39.16');
  expect(lines()).toHaveLength(10_001);
  await fail('10.0.0.0');
  expect(lines()).toHaveLength(10_002);
});
