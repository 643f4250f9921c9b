import { expect, it } from 'vitest';
import { profileTable } from './profile-table.ts';

it('shows ratios and the main rows of each contestant, and that nothing is lost', () => {
  const small = Array.from({ length: 8 }, (_, i) => [`small ${i}`, 0.001] as const);
  const { columns, rows } = profileTable(
    'upload of 1 MiB',
    1e6,
    [
      {
        name: 'bare',
        rate: 100e6,
        spent: new Map([
          ['MD5', 0.5],
          ['kernel: copying', 0.25],
        ]),
      },
      { name: 'SSE-B2', rate: 50e6, spent: new Map([['MD5', 0.25], ['AES-GCM', 0.5], ...small]) },
    ],
    ['bare'],
  );
  expect(columns).toEqual(['', 'bare', 'SSE-B2']);
  expect(rows[0]).toEqual(['rate / bare', '1', '0.50']);
  expect(rows).toContainEqual(['MD5', '5.0', '5.0']);
  expect(rows).toContainEqual(['AES-GCM', '0.0', '10']);
  expect(rows).toContainEqual(['kernel: copying', '2.5', '0.0']);
  expect(rows).toHaveLength(1 + 8 + 2);
  expect(rows.at(-2)).toEqual(['everything else', '0.0', '0.1']);
  expect(rows.at(-1)).toEqual(['all', '7.5', '15']);
});
