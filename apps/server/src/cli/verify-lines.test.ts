import type { VerificationCounts } from '@coffer/storage-core';
import { expect, test } from 'vitest';
import { amount, progressLine, verificationSummary } from './verify-lines.ts';

const counts: VerificationCounts = {
  ...{ rows: 1, references: 2, blobs: 2, bytes: 1_500, withoutKey: 0, unsettled: 0, damaged: 0, orphans: 0 },
};

test('a summary says what was checked, and what was not', () => {
  expect(verificationSummary(counts, true)).toBe('Nothing is damaged; 1 row and 2 blobs (1.5 kB) were checked.');
  expect(verificationSummary({ ...counts, withoutKey: 1, orphans: 2, unsettled: 3, damaged: 4 }, false)).toBe(
    "4 things damaged; 1 row and 2 blobs (1.5 kB) were checked; of 1 SSE-C blob only presence and form were checked, for lack of the customer's key (--customer-key-file); 2 blobs that nothing names: of uploads under way, or left over; 3 rows kept changing while they were checked; stopped before the end.",
  );
});

test('a progress line has a bar where it is known how much there is', () => {
  const stage = { name: 'parts', number: 1, of: 4 };
  expect(progressLine({ counts, stage, share: 0.5 })).toBe(
    '[############............] 50% parts, 1.5 kB read, 0 damaged',
  );
  expect(progressLine({ counts, stage, share: 1 })).toContain('[########################]100%');
  expect(progressLine({ counts, stage, share: null })).toBe('1 row: parts, 1.5 kB read, 0 damaged');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [2_500_000_000, '2.5 GB'],
  [7e18, '7000.0 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(amount(bytes)).toBe(text);
});
