import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketNameProblem, isPossibleBucketName } from './bucket-name.ts';
import { dataLength, parseContentSha1, printContentSha1, printStoredSha1, type ContentSha1 } from './content-sha1.ts';
import { fileNameProblem } from './file-name.ts';

describe('bucketNameProblem', () => {
  it.each(['abcdef', 'My-Bucket', 'a.bucket', '123456', 'x'.repeat(63), '1.2.3.4.5'])('takes %s', (name) => {
    expect(bucketNameProblem(name)).toBeUndefined();
  });

  it.each([
    '',
    'abcde',
    'x'.repeat(64),
    'b2-bucket',
    'B2-bucket',
    'a_bucket',
    'a bucket',
    '.bucket',
    'bucket.',
    'a..bucket',
    '10.0.0.11',
    'bücket',
    'bucket\n',
  ])('refuses %j', (name) => {
    expect(bucketNameProblem(name)).toBeTypeOf('string');
  });

  it('refuses names of the server’s own buckets, which there can be', () => {
    expect(['b2-snapshots-0123456789ab', 'abcdef', 'abc', 'a..bucket'].map(isPossibleBucketName)).toEqual([
      ...[true, true, false, false],
    ]);
  });
});

describe('fileNameProblem', () => {
  it.each(['a', 'a/b', '/a', 'a/', 'a//b', 'a\\b', ' ', 'é'.repeat(512), '\u{10400}', '\u0080'])('takes %j', (name) => {
    expect(fileNameProblem(name)).toBeUndefined();
  });

  it.each(['', 'a\n', '\u0000', '\u001f', '\u007f', 'x'.repeat(1025), 'é'.repeat(513), '\ud800', '\udc00a'])(
    'refuses %j',
    (name) => {
      expect(fileNameProblem(name)).toBeTypeOf('string');
    },
  );

  it.each(['/a', 'a/', 'a//b', 'a\\b', 'x'.repeat(251), `a/${'é'.repeat(126)}`])('refuses %j when strict', (name) => {
    expect(fileNameProblem(name, { strict: true })).toBeTypeOf('string');
  });

  it.each(['a', 'a/b', 'x'.repeat(250)])('takes %j when strict', (name) => {
    expect(fileNameProblem(name, { strict: true })).toBeUndefined();
  });
});

describe('the content SHA-1', () => {
  const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

  it.each<[string, ContentSha1]>([
    [sha1, { kind: 'hex', sha1 }],
    [sha1.toUpperCase(), { kind: 'hex', sha1 }],
    ['hex_digits_at_end', { kind: 'atEnd' }],
    ['do_not_verify', { kind: 'doNotVerify' }],
    [`unverified:${sha1}`, { kind: 'unverified', sha1 }],
  ])('%s is read', (text, expected) => {
    expect(parseContentSha1(text)).toEqual(expected);
    expect(printContentSha1(expected)).toBe(text.toLowerCase());
  });

  it.each(['', sha1.slice(1), `${sha1}0`, 'unverified:', 'unverified', 'none', `${sha1}\n`, 'DO_NOT_VERIFY'])(
    '%j is none',
    (text) => {
      expect(parseContentSha1(text)).toBeUndefined();
    },
  );

  it('at the end is not part of the data', () => {
    expect(dataLength({ kind: 'atEnd' }, 40)).toBe(0);
    expect(dataLength({ kind: 'atEnd' }, 39)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(), (length) => {
        expect(dataLength({ kind: 'atEnd' }, length + 40)).toBe(length);
        expect(dataLength({ kind: 'doNotVerify' }, length)).toBe(length);
      }),
    );
  });

  it('is shown with whether anybody checked it', () => {
    expect(printStoredSha1(sha1, true)).toBe(sha1);
    expect(printStoredSha1(sha1, false)).toBe(`unverified:${sha1}`);
  });
});
