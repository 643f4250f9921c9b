import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { parseCopyRange, parseCopySource } from './copy-source.ts';
import { encodePath } from './percent-encoding.ts';

describe('parseCopySource', () => {
  it.each([
    ['bucket/key', 'bucket', 'key', undefined],
    ['/bucket/key', 'bucket', 'key', undefined],
    ['bucket%2Fkey', 'bucket', 'key', undefined],
    ['%2Fbucket%2Fa%2Fb', 'bucket', 'a/b', undefined],
    ['bucket/a/b//c', 'bucket', 'a/b//c', undefined],
    ['bucket//a', 'bucket', '/a', undefined],
    ['bucket/a%20b%2Bc+d', 'bucket', 'a b+c+d', undefined],
    ['bucket/foo%3Fbar', 'bucket', 'foo?bar', undefined],
    ['bucket/%3FversionId', 'bucket', '?versionId', undefined],
    ['bucket/%3FversionId?versionId=4_z1', 'bucket', '?versionId', '4_z1'],
    ['bucket/key?versionId=4_z1', 'bucket', 'key', '4_z1'],
    ['bucket/a%2525', 'bucket', 'a%25', undefined],
    ['bucket/\u00c3\u00bc', 'bucket', 'ü', undefined],
  ])('reads %s', (text, bucket, key, versionId) => {
    expect(parseCopySource(text)).toEqual({ bucket, key, versionId });
  });

  it.each([
    '',
    '/',
    'bucket',
    'bucket/',
    '/bucket',
    '//key',
    'bucket/%',
    'bucket/%FF',
    'bucket/key?',
    'bucket/key?v=1',
  ])('refuses %j', (text) => {
    expect(refusalOf(() => parseCopySource(text))).toMatchObject({
      code: 'InvalidArgument',
      message: 'Invalid copy source object key',
      details: { ArgumentName: 'x-amz-copy-source' },
    });
  });

  it('decodes what is encoded exactly once', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(key, (text) => {
        expect(parseCopySource(`bucket/${encodePath(text)}`).key).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        outcomeOf(() => parseCopySource(text));
      }),
    );
  });
});

describe('parseCopyRange', () => {
  it('reads both ends', () => {
    expect(parseCopyRange('bytes=0-9')).toEqual({ first: 0, last: 9 });
    expect(parseCopyRange('bytes=5-5')).toEqual({ first: 5, last: 5 });
  });

  it.each(['', 'bytes=0-', 'bytes=-5', 'bytes=2-1', '0-5', 'bytes=0-1,3-4', 'bytes=a-b', 'bytes = 0-1', 'bits=0-1'])(
    'refuses %j',
    (text) => {
      expect(refusalOf(() => parseCopyRange(text)).message).toMatch(/^The x-amz-copy-source-range value must be/);
    },
  );
});
