import { systemClock, type Clock } from '@coffer/storage-ports';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diagnose, printFindings } from '../doctor/diagnose.ts';
import type { Timer } from '../server/timer.ts';
import { call } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);
const day = 86_400_000;
/** The real clock, set by so many days, in another life of the machine. */
const setBy = (days: number): Clock => ({
  now: () => systemClock.now() + days * day,
  elapsed: () => ({ boot: 'another', milliseconds: performance.now() }),
});

/** A place whose store has seen a time in 60 days. */
async function seenTheFuture() {
  const config = testConfig(await temporaryDirectory(), { adminListen: '127.0.0.1:0' });
  await (await start(config, { clock: setBy(60) })).close();
  return { config, command: (...args: string[]) => runCommand(...args, '--data', config.data) };
}

const doubt = /^The clock shows \S+Z, which is before \S+Z, a time that this store has seen\./;

describe('coffer clock', () => {
  it('says that nothing is wrong beside a server, and confirms what nobody doubts', async () => {
    const config = testConfig(await temporaryDirectory());
    await start(config);
    const command = (...args: string[]) => runCommand(...args, '--data', config.data);
    const status = await command('clock', 'status');
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toMatch(/Nothing speaks against the clock\.\n$/);
    expect(await command('clock', 'confirm')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The clock now counts as right: \S+Z\. Nothing spoke against it\.\n$/) as string,
    });
    expect(printFindings(await diagnose(config, {}))).toContain('ok      Nothing speaks against the clock.');
  });

  it('says what is wrong, stops lifecycle rules, and confirms', async () => {
    const { config, command } = await seenTheFuture();
    const status = await command('clock', 'status');
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(doubt);
    expect(status.stdout).toContain('coffer clock confirm');
    expect(printFindings(await diagnose(config, {}))).toMatch(/PROBLEM The clock shows .* a time that this store/);
    expect(await command('lifecycle', 'run')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The clock is doubted: no rule is applied') as string,
    });
    const confirmed = await command('clock', 'confirm');
    expect(confirmed.code).toBe(0);
    expect(confirmed.stdout).toMatch(doubt);
    expect((await command('clock', 'status')).code).toBe(0);
    expect((await command('lifecycle', 'run')).code).toBe(0);
  });

  it('needs a store', async () => {
    const data = await temporaryDirectory();
    for (const name of ['status', 'confirm']) expect((await runCommand('clock', name, '--data', data)).code).toBe(5);
  });
});

it('a server says that the clock is doubted, serves all the same, and hears of the confirmation', async () => {
  const { config, command } = await seenTheFuture();
  const log = collectLog();
  const looks: (() => void)[] = [];
  const timer: Timer = (milliseconds, callback) => {
    if (milliseconds === 30_000) looks.push(callback);
    return () => undefined;
  };
  const server = await start(config, { logDestination: log, timer });
  expect(log.text()).toContain('a time that this store has seen. While it is doubted');
  const figure = async () => {
    const page = await call(`${server.urls.admin!}/metrics`);
    return /^coffer_clock_doubted (\d)$/m.exec(page.bytes.toString())?.[1];
  };
  expect(await figure()).toBe('1');
  expect((await call(`${server.urls.admin!}/readyz`)).bytes.toString()).toBe('ready\n');
  await command('clock', 'confirm');
  for (const look of looks.splice(0)) look();
  await expect.poll(figure).toBe('0');
  expect(log.text()).toContain('the clock is no longer doubted');
});
