import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { contentBytes } from './content.ts';

test.prop([fc.nat(5_000), fc.nat(1_000)])('has the size that is asked for, and is the same each time', (size, seed) => {
  const bytes = contentBytes({ size, seed }, 1);
  expect(bytes.length).toBe(size);
  expect(bytes).toEqual(contentBytes({ size, seed }, 1));
});

it('differs by seed, and does not repeat itself within a chunk', () => {
  const bytes = Buffer.from(contentBytes({ size: 65_536, seed: 1 }, 1));
  expect(bytes.subarray(0, 64)).not.toEqual(Buffer.from(contentBytes({ size: 64, seed: 2 }, 1)));
  expect(bytes.indexOf(bytes.subarray(0, 8), 1)).toBe(-1);
});

it('joins contents, and knows the minimum part', () => {
  const parts = { concat: [{ text: 'ab' }, { size: { minimumPart: -1 }, seed: 3 }] };
  expect(contentBytes(parts, 5).length).toBe(6);
});
