import { parseRange, resolveRange } from '@coffer/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { checkNewBucketName, isPossibleBucketName } from './bucket-name.ts';
import { parseContentMd5 } from './content-md5.ts';
import { formatXmlDate, parseIsoDate } from './dates.ts';
import { parseEtag, printEtag } from './etag.ts';
import { parseListCount, parsePartNumber } from './integers.ts';
import { decodePercent, decodeQueryText, encodeListed, encodePath } from './percent-encoding.ts';
import { checkStorageClass } from './storage-class.ts';
import { checkVersionId } from './version-id.ts';

describe('checkNewBucketName', () => {
  it.each(['bucket', 'a-bucket-1', '123456', 'a'.repeat(63)])('takes %s', (name) => {
    expect(checkNewBucketName(name)).toBe(name);
  });

  it.each(['short', 'a'.repeat(64), 'Bucket', '-bucket', 'bucket-', 'buc.ket', 'buc_ket', 'b2-bucket', '', 'bückets'])(
    'refuses %j',
    (name) => {
      expect(refusalOf(() => checkNewBucketName(name))).toMatchObject({
        code: 'InvalidBucketName',
        message:
          'The specified bucket is not valid. A name has 6 to 63 lower-case letters, digits and hyphens, no hyphen at ' +
          'either end, and does not begin with b2-.',
        details: { BucketName: name },
      });
    },
  );

  it('looks for every name that the other API can make', () => {
    expect(isPossibleBucketName('Bucket.1')).toBe(true);
    expect(isPossibleBucketName('a/b')).toBe(false);
  });
});

describe('percent encoding', () => {
  it('prints what it reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePercent(encodePath(text))).toBe(text);
        expect(decodeQueryText(encodeListed(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['a b+c/d*e~f', 'a%20b%2Bc/d*e%7Ef', 'a%20b%2Bc/d%2Ae~f'],
    ['ü\u0001', '%C3%BC%01', '%C3%BC%01'],
  ])('%j in a list and in a path', (text, inList, inPath) => {
    expect([encodeListed(text), encodePath(text)]).toEqual([inList, inPath]);
  });
});

describe('entity tags', () => {
  it.each([
    ['"abc"', 'abc'],
    ['abc', 'abc'],
    ['W/"abc"', 'abc'],
    [' "abc-2" ', 'abc-2'],
    ['"a"b"', '"a"b"'],
    ['', ''],
  ])('reads %j', (text, etag) => {
    expect(parseEtag(text)).toBe(etag);
  });

  it('prints what it reads', () => {
    expect(parseEtag(printEtag('79b281060d337b9b2b84ccf390adcf74'))).toBe('79b281060d337b9b2b84ccf390adcf74');
  });
});

describe('dates', () => {
  it('prints what it reads', () => {
    const ms = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
    fc.assert(
      fc.property(ms, (date) => {
        const text = formatXmlDate(date.getTime());
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(parseIsoDate(text)).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04Z', Date.UTC(2026, 0, 2, 3, 4)],
    ['2026-01-02T03:04:05.6Z', Date.UTC(2026, 0, 2, 3, 4, 5, 600)],
    ['2026-01-02T03:04:05.123456Z', Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ['2026-01-02T03:04:05+02:00', Date.UTC(2026, 0, 2, 1, 4, 5)],
    ['2026-01-02T03:04:05-00:30', Date.UTC(2026, 0, 2, 3, 34, 5)],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-02T24:00:00Z', undefined],
    ['2026-01-02T03:60:00Z', undefined],
    ['2026-01-02', undefined],
    ['2026-01-02T03:04:05', undefined],
    ['Fri, 02 Jan 2026 03:04:05 GMT', undefined],
    ['', undefined],
  ])('reads %s', (text, ms) => {
    expect(parseIsoDate(text)).toBe(ms);
  });

  it('refuses an instant that the form cannot express', () => {
    expect(() => formatXmlDate(Date.UTC(10_000, 0))).toThrow(RangeError);
  });
});

describe('numbers', () => {
  it.each([
    ['1', 1],
    ['10000', 10_000],
    ['0', 'InvalidArgument'],
    ['10001', 'InvalidArgument'],
    ['-1', 'InvalidArgument'],
    ['1.5', 'InvalidArgument'],
    ['x', 'InvalidArgument'],
    ['', 'InvalidArgument'],
  ])('the part number %j', (text, expected) => {
    const outcome = outcomeOf(() => parsePartNumber(text));
    expect(typeof outcome === 'number' ? outcome : outcome.code).toBe(expected);
  });

  it('says what a part number must be', () => {
    expect(refusalOf(() => parsePartNumber('0'))).toMatchObject({
      message: 'Part number must be an integer between 1 and 10000, inclusive',
      details: { ArgumentName: 'partNumber', ArgumentValue: '0' },
    });
  });

  it.each([
    ['0', 0],
    ['7', 7],
    ['1000', 1000],
    ['1001', 1000],
    ['2147483647', 1000],
    ['2147483648', 'InvalidArgument'],
    ['-1', 'InvalidArgument'],
    ['1e3', 'InvalidArgument'],
    ['', 'InvalidArgument'],
    ['9'.repeat(400), 'InvalidArgument'],
  ])('max-keys of %s', (text, expected) => {
    const outcome = outcomeOf(() => parseListCount('max-keys', text));
    expect(typeof outcome === 'number' ? outcome : outcome.code).toBe(expected);
  });

  it('says which number was bad', () => {
    expect(refusalOf(() => parseListCount('max-keys', 'x'))).toMatchObject({
      message: 'Provided max-keys not an integer or within integer range',
      details: { ArgumentName: 'max-keys', ArgumentValue: 'x' },
    });
  });
});

describe('single values', () => {
  it('takes STANDARD only', () => {
    expect(checkStorageClass('STANDARD')).toBe('STANDARD');
    expect(refusalOf(() => checkStorageClass('GLACIER'))).toMatchObject({
      code: 'InvalidStorageClass',
      details: { StorageClassRequested: 'GLACIER' },
    });
  });

  it.each([
    ['1B2M2Y8AsgTpgAmY7PhCfg==', 16],
    ['1B2M2Y8AsgTpgAmY7PhCfg', 'InvalidDigest'],
    ['xxx', 'InvalidDigest'],
    ['', 'InvalidDigest'],
    ['d41d8cd98f00b204e9800998ecf8427e', 'InvalidDigest'],
  ])('Content-MD5 %j', (text, expected) => {
    const outcome = outcomeOf(() => parseContentMd5(text));
    expect(outcome instanceof Uint8Array ? outcome.length : outcome.code).toBe(expected);
  });

  it.each([
    ['4_zabc', '4_zabc'],
    ['null', 'null'],
    ['', 'Version id cannot be the empty string'],
    ['x', 'Invalid version id specified'],
  ])('version id %j', (text, expected) => {
    const outcome = outcomeOf(() => checkVersionId(text, (id) => id.startsWith('4_z')));
    expect(typeof outcome === 'string' ? outcome : outcome.message).toBe(expected);
  });
});

/** The range parser of `@coffer/http` does what S3 does: recorded answers for an object of 10 bytes. */
describe('Range', () => {
  it.each([
    ['bytes=0-8', 0, 9],
    ['bytes=1-', 1, 9],
    ['bytes=-2', 8, 2],
    ['bytes=-15', 0, 10],
    ['bytes=0-100', 0, 10],
    ['bytes=1-0', 'whole'],
    ['bytes=-1-', 'whole'],
    ['bytes=0--1', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['bits=0-1', 'whole'],
    ['garbage', 'whole'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=10-', 'unsatisfiable'],
  ] as [string, string | number, number?][])('%s', (header, start, length) => {
    const resolved = resolveRange(parseRange(header), 10);
    expect(resolved).toEqual(length === undefined ? { kind: start } : { kind: 'part', range: { start, length } });
  });

  it('is never satisfiable for an empty object', () => {
    expect(resolveRange(parseRange('bytes=0-'), 0)).toEqual({ kind: 'unsatisfiable' });
    expect(resolveRange(parseRange('bytes=1-0'), 0)).toEqual({ kind: 'whole' });
  });
});
