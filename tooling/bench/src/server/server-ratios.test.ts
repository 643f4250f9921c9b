import { expect, it } from 'vitest';
import { ratiosOf } from './server-ratios.ts';

const rates = new Map([
  ['bare', 400],
  ['bare sealed', 250],
  ['none', 320],
  ['SSE-B2', 240],
  ['SSE-C', 304],
  ['none, 2 workers', 480],
  ['SSE-B2, 2 workers', 360],
  ['SSE-C, 2 workers', 240],
]);

it('ratios compare encryption with none, and Coffer with the bare servers', () => {
  expect(ratiosOf('up', rates, [])).toEqual([
    { name: 'up: SSE-B2 / none', value: 0.75, aim: { atLeast: 0.85 } },
    { name: 'up: SSE-C / none', value: 0.95, aim: { atLeast: 0.85 } },
    { name: 'up: none / bare', value: 0.8, aim: { atLeast: 0.6 } },
    { name: 'up: SSE-B2 / bare', value: 0.6, aim: { atLeast: 0.6 } },
    { name: 'up: SSE-B2 / bare sealed', value: 0.96, aim: null },
  ]);
});

it('several workers are compared among themselves, and with one process', () => {
  const ratios = new Map(ratiosOf('up', rates, [1, 2]).map(({ name, value }) => [name, value]));
  expect(ratios.size).toBe(10);
  expect(ratios.get('up: SSE-B2, 2 workers / none, 2 workers')).toBe(0.75);
  expect(ratios.get('up: SSE-C, 2 workers / none, 2 workers')).toBe(0.5);
  expect(ratios.get('up: none, 2 workers / none')).toBe(1.5);
  expect(ratios.get('up: SSE-B2, 2 workers / SSE-B2')).toBe(1.5);
});
