import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmzDate, parseAmzDate, parseHttpDate } from './amz-date.ts';

const instant = Date.UTC(2013, 4, 24);
const firstYear = Date.UTC(100, 0);
const lastYear = Date.UTC(9999, 11, 31);

describe('a date of Signature Version 4', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: firstYear, max: lastYear }), (ms) => {
        expect(parseAmzDate(formatAmzDate(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
    );
  });

  it.each([
    '',
    '20130524',
    '2013-05-24T00:00:00Z',
    '20130524T000000',
    '20130230T000000Z',
    '20130524T240000Z',
    ' 20130524T000000Z',
  ])('is none: "%s"', (text) => {
    expect(parseAmzDate(text)).toBeUndefined();
  });
});

describe('a date of HTTP', () => {
  it.each(['Fri, 24 May 2013 00:00:00 GMT', 'Friday, 24-May-13 00:00:00 GMT', 'Fri May 24 00:00:00 2013'])(
    'is read: %s',
    (text) => {
      expect(parseHttpDate(text)).toBe(instant);
    },
  );

  it('may have a day of one digit', () => {
    expect(parseHttpDate('Wed May  1 00:00:00 2013')).toBe(Date.UTC(2013, 4, 1));
  });

  it.each(['', 'Fri, 24 May 2013', 'Fri, 24 May 2013 00:00:00 +0000', 'Fri, 31 Feb 2013 00:00:00 GMT', '1369353600'])(
    'is none: "%s"',
    (text) => {
      expect(parseHttpDate(text)).toBeUndefined();
    },
  );
});
