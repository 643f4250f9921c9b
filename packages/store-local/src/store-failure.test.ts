import { StoreError } from '@coffer/storage-ports';
import { expect, test } from 'vitest';
import { storeFailure } from './store-failure.ts';

const errno = (code: string | number) => Object.assign(new Error('message'), { code });

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EFBIG', 'full'],
  [28, 'full'],
  [-30792, 'full'],
  [-30788, 'full'],
  ['EIO', 'io'],
  ['EACCES', 'io'],
  ['ENOENT', 'io'],
  ['EMFILE', 'io'],
  ['EROFS', 'io'],
  [5, 'io'],
  [-30795, 'io'],
])('%s is %s, with its cause', (code, expected) => {
  const cause = errno(code);
  expect(storeFailure('Writing', cause)).toMatchObject({ code: expected, cause });
});

test('what is a store error already stays it, and what is no error is io', () => {
  const error = new StoreError('conflict', 'x');
  expect(storeFailure('Writing', error)).toBe(error);
  expect(storeFailure('Writing', 'text')).toMatchObject({ code: 'io' });
});
