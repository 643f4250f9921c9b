import { expect, it } from 'vitest';
import { RateMeter } from './rate-meter.ts';

it('is the mean of the last eight seconds', () => {
  const meter = new RateMeter();
  expect(meter.rate(0)).toBe(0);
  for (let now = 1_000; now <= 20_000; now += 100) meter.add(100, now);
  expect(meter.rate(20_000)).toBeGreaterThan(980);
  expect(meter.rate(20_000)).toBeLessThan(1_040);
  expect(meter.rate(24_000)).toBeLessThan(600);
  expect(meter.rate(60_000)).toBe(0);
});

it('does not take the first bytes for all that moves in eight seconds', () => {
  const meter = new RateMeter();
  meter.add(1_000, 5_000);
  meter.add(1_000, 5_800);
  expect(meter.rate(5_800)).toBe(2_000);
  meter.reset();
  expect(meter.rate(5_900)).toBe(0);
});
