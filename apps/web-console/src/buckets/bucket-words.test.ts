import { expect, it } from 'vitest';
import { bucketTypeWord, periodText, rulesText } from './bucket-words.ts';

it('says types and periods in words', () => {
  expect(bucketTypeWord('allPrivate')).toBe('Private');
  expect(bucketTypeWord('unheardOf')).toBe('unheardOf');
  expect(periodText({ duration: 1, unit: 'years' })).toBe('1 year');
  expect(periodText({ duration: 2000, unit: 'days' })).toBe('2,000 days');
});

it('counts the rules that there are, and no others', () => {
  expect(rulesText({ lifecycle: 0, cors: 0, notifications: undefined })).toBe('None');
  expect(rulesText({ lifecycle: 2, cors: 0, notifications: 1 })).toBe('2 lifecycle, 1 notification');
  expect(rulesText({ lifecycle: 0, cors: 3, notifications: 0 })).toBe('3 CORS');
});
