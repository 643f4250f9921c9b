import { expect, it } from 'vitest';
import { formatDuration } from './time.ts';

it.each([
  [0, '0 s'],
  [-1, '0 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
  [86_400, '1 day'],
  [273_600, '3 days 4 h'],
  [172_805, '2 days'],
])('a duration of %d s is shown as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
