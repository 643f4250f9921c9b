import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate } from './http-date.ts';
import { parseHttpDate } from './parse-http-date.ts';

const example = Date.UTC(1994, 10, 6, 8, 49, 37);
const now = Date.UTC(2024, 0, 1);
const yearZero = Date.parse('0000-01-01T00:00:00Z');
const endOf9999 = Date.parse('9999-12-31T23:59:59Z');

describe('HTTP dates', () => {
  it('are parsed from what was formatted, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: yearZero / 1000, max: endOf9999 / 1000 }), fc.nat(999), (seconds, fraction) => {
        expect(parseHttpDate(formatHttpDate(seconds * 1000 + fraction))).toBe(seconds * 1000);
      }),
    );
  });

  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'are read in the form %j',
    (text) => {
      expect(parseHttpDate(text, now)).toBe(example);
    },
  );

  it.each([
    ['Saturday, 01-Jan-00 00:00:00 GMT', 2000],
    ['Monday, 01-Jan-73 00:00:00 GMT', 1973],
    ['Sunday, 01-Jan-73 00:00:00 GMT', 2073],
  ])('of two-digit year are at most fifty years ahead: %s', (text, year) => {
    const at = Date.UTC(year, 0, 1);
    expect(parseHttpDate(text, now)).toBe(at <= Date.UTC(2074, 0, 1) && year !== 1973 ? at : undefined);
    expect(parseHttpDate(text, Date.UTC(2020, 0, 1))).toBe(year === 2073 ? undefined : at);
  });

  it.each([
    '',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Mon, 06 Nov 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:49:60 GMT',
    'Wed, 30 Feb 1994 08:49:37 GMT',
    'Mon, 00 Nov 1994 08:49:37 GMT',
    'Sun Nov 06 08:49:37 1994 GMT',
    '1994-11-06T08:49:37Z',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
  ])('are not %j', (text) => {
    expect(parseHttpDate(text, now)).toBeUndefined();
  });

  it('cannot express everything', () => {
    for (const ms of [endOf9999 + 1000, yearZero - 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => formatHttpDate(ms)).toThrow(RangeError);
    }
  });
});
