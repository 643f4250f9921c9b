import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search.ts';

test.prop([fc.string({ unit: 'binary', minLength: 1 })])(
  'every well-formed name comes back from an address',
  (text) => {
    const name = text.toWellFormed();
    expect(parseSearch(stringifySearch({ prefix: name }))).toEqual({ prefix: name });
  },
);

it('leaves out what is absent or empty', () => {
  expect(stringifySearch({ prefix: '', file: undefined })).toBe('');
  expect(stringifySearch({ prefix: '007', file: 'a b&c=d' })).toBe('?prefix=007&file=a+b%26c%3Dd');
});
