import { expect, it } from 'vitest';
import { gcRow, shortReason } from './gc-row.ts';

it('a row has collections and milliseconds per gigabyte, and their share of the time', () => {
  const totals = {
    markCompact: { count: 4, pause: 20 },
    scavenge: { count: 100, pause: 80 },
    mainReason: 'finalize incremental marking via task; GC in old space requested',
  };
  expect(gcRow('SSE-B2, native', { rate: 250e6, gigabytes: 2, ms: 8000, totals })).toEqual([
    'SSE-B2, native',
    '250',
    '2.0',
    '4',
    '2.0',
    '10.0',
    '100',
    '50.0',
    '40.0',
    '1.3',
    'GC in old space request…',
  ]);
});

it('a reason is shown without how the collection ended', () => {
  expect(shortReason('finalize incremental marking via stack guard; external memory limit')).toBe(
    'external memory limit',
  );
  expect(shortReason('')).toBe('');
});
