import { execFile } from 'node:child_process';
import { platform } from 'node:os';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { machineClock } from './machine-clock.ts';

it('shows the time, and counts time that passes', () => {
  const [before, first] = [Date.now(), machineClock.elapsed()];
  const [now, second] = [machineClock.now(), machineClock.elapsed()];
  expect(now).toBeGreaterThanOrEqual(before);
  expect(second.boot).toBe(first.boot);
  expect(second.milliseconds).toBeGreaterThanOrEqual(first.milliseconds);
});

it.skipIf(platform() !== 'linux')('counts as other processes do', async () => {
  const before = machineClock.elapsed();
  const script = `process.stdout.write(String(Number(process.hrtime.bigint()) / 1e6) + ' ' +
    require('node:fs').readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  const [milliseconds, boot] = stdout.trim().split(' ');
  expect(boot).toBe(before.boot);
  expect(Number(milliseconds)).toBeGreaterThanOrEqual(before.milliseconds);
  expect(Number(milliseconds)).toBeLessThanOrEqual(machineClock.elapsed().milliseconds);
});
