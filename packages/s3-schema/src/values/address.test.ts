import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf, outcomeOf } from '../../testing/refusal.ts';
import { splitAddress } from './address.ts';
import { S3Error } from './s3-error.ts';

const domains = [
  { domain: 's3.us-west-004.example', region: 'us-west-004' },
  { domain: 'deep.s3.us-west-004.example', region: 'deep' },
];

describe('splitAddress', () => {
  it.each([
    ['s3.us-west-004.example', '/', 'path', undefined, undefined, 'us-west-004'],
    ['s3.us-west-004.example', '', 'path', undefined, undefined, 'us-west-004'],
    ['s3.us-west-004.example', '/bucket', 'path', 'bucket', undefined, 'us-west-004'],
    ['s3.us-west-004.example', '/bucket/', 'path', 'bucket', undefined, 'us-west-004'],
    ['S3.US-West-004.example:9000', '/bucket/a/b', 'path', 'bucket', 'a/b', 'us-west-004'],
    ['localhost:9000', '/bucket/a%2Fb', 'path', 'bucket', 'a/b', undefined],
    ['[::1]:9000', '/bucket/a', 'path', 'bucket', 'a', undefined],
    [undefined, '/bucket/a', 'path', 'bucket', 'a', undefined],
    ['s3.us-west-004.example', '/bucket//', 'path', 'bucket', '/', 'us-west-004'],
    ['s3.us-west-004.example', '/bucket//a/../b/./', 'path', 'bucket', '/a/../b/./', 'us-west-004'],
    ['s3.us-west-004.example', '/bucket/a+b%2Bc', 'path', 'bucket', 'a+b+c', 'us-west-004'],
    ['s3.us-west-004.example', '/a%2Fb/c', 'path', 'a/b', 'c', 'us-west-004'],
    ['bucket.s3.us-west-004.example', '/', 'virtual-host', 'bucket', undefined, 'us-west-004'],
    ['Bucket.s3.us-west-004.example:9000', '/a/b', 'virtual-host', 'bucket', 'a/b', 'us-west-004'],
    ['bucket.s3.us-west-004.example.', '/a', 'virtual-host', 'bucket', 'a', 'us-west-004'],
    ['a.b.s3.us-west-004.example', '//a', 'virtual-host', 'a.b', '/a', 'us-west-004'],
    ['bucket.deep.s3.us-west-004.example', '/a', 'virtual-host', 'bucket', 'a', 'deep'],
    ['xs3.us-west-004.example', '/bucket/a', 'path', 'bucket', 'a', undefined],
  ])('%s %s is %s, %s, %s', (host, path, style, bucket, key, region) => {
    expect(splitAddress(host, path, domains)).toEqual({ style, bucket, key, region });
  });

  it.each([
    ['/bucket/%FF', 'InvalidURI'],
    ['/bucket/%', 'InvalidURI'],
    ['/bucket/%4', 'InvalidURI'],
    ['/bucket/%zz', 'InvalidURI'],
    ['/%FF/a', 'InvalidURI'],
    ['/bucket/a%00', 'InvalidArgument'],
    ['/bucket/a%7F', 'InvalidArgument'],
    [`/bucket/${'a'.repeat(1025)}`, 'KeyTooLongError'],
    [`/bucket/${'%C3%BC'.repeat(513)}`, 'KeyTooLongError'],
  ])('refuses %s', (path, code) => {
    expect(refusalOf(() => splitAddress('localhost', path, domains)).code).toBe(code);
  });

  it('takes a key of 1024 bytes', () => {
    expect(splitAddress('localhost', `/bucket/${'%C3%BC'.repeat(512)}`, domains).key).toBe('ü'.repeat(512));
  });

  it('says how long a key is that is too long', () => {
    const refusal = refusalOf(() => splitAddress('localhost', `/bucket/${'a'.repeat(2000)}`, domains));
    expect(refusal.details).toEqual({ Size: 2000, MaxSizeAllowed: 1024 });
  });

  it('finds the key that was encoded, and refuses all else with an S3Error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (key) => {
        const outcome = outcomeOf(() => splitAddress('localhost', `/bucket/${encodeURIComponent(key)}`, domains));
        if (!(outcome instanceof S3Error)) expect(outcome.key).toBe(key);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (host, path) => {
        outcomeOf(() => splitAddress(host, path, domains));
      }),
    );
  });
});
