import { describe, expect, it } from 'vitest';
import { isSpecialFileInfoKey, isValidSpecialFileInfo, type SpecialFileInfoKey } from './special-file-info.ts';

const good: [SpecialFileInfoKey, string][] = [
  ['b2-content-disposition', 'inline'],
  ['b2-content-disposition', 'attachment; filename="a \\"b\\".txt"'],
  ['b2-content-disposition', "attachment; filename=a.txt; filename*=UTF-8''%e2%82%ac.txt"],
  ['b2-content-language', 'de'],
  ['b2-content-language', 'mi, en-GB'],
  ['b2-content-language', 'en_US'],
  ['b2-content-language', 'zh_Hant-TW, de_DE'],
  ['b2-content-language', 'x-private'],
  ['b2-expires', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['b2-expires', 'Sunday, 06-Nov-94 08:49:37 GMT'],
  ['b2-expires', 'Sun Nov  6 08:49:37 1994'],
  ['b2-expires', 'sun, 6 nov 1994 8:49:37 gmt'],
  ['b2-expires', '6 Nov 1994 08:49 UTC'],
  ['b2-expires', 'Sun, 06 Nov 1994 08:49:37 +0000'],
  ['b2-expires', '2100-01-01'],
  ['b2-expires', '1994-11-06T08:49:37Z'],
  ['b2-expires', '1994-11-06 08:49:37.123456+02:00'],
  ['b2-expires', '0'],
  ['b2-expires', '-1'],
  ['b2-expires', '1628942493000'],
  ['b2-cache-control', 'no-store'],
  ['b2-cache-control', 'max-age=3600, private="x-a, x-b"'],
  ['b2-content-encoding', 'gzip'],
  ['b2-content-encoding', 'deflate, gzip'],
];

const bad: [SpecialFileInfoKey, string][] = [
  ['b2-content-disposition', ''],
  ['b2-content-disposition', 'attachment; filename'],
  ['b2-content-disposition', 'attachment; filename*0="a"'],
  ['b2-content-disposition', "attachment; filename*=ISO-8859-1''a"],
  ['b2-content-disposition', "attachment; filename*=UTF-8'en'a"],
  ['b2-content-disposition', "attachment; filename*=UTF-8''%zz"],
  ['b2-content-disposition', 'attachment\r\nX: y'],
  ['b2-content-disposition', 'attachment; filename="ü"'],
  ['b2-content-language', 'de DE'],
  ['b2-content-language', '12'],
  ['b2-content-language', 'de_'],
  ['b2-content-language', 'deutschsprachig'],
  ['b2-content-language', 'de,'],
  ['b2-expires', ''],
  ['b2-expires', 'tomorrow'],
  ['b2-expires', '06 Nov 1994'],
  ['b2-expires', '1994-11'],
  ['b2-expires', '06/11/1994'],
  ['b2-expires', 'Sun, 06 Nov 1994 08:49:37 Mars'],
  ['b2-cache-control', 'max-age=3600 private'],
  ['b2-content-encoding', 'gzip;q=1'],
  ['b2-content-encoding', `gzip${' '.repeat(10_000)}`],
];

describe('special file info', () => {
  it.each(good)('%s may be %s', (key, value) => {
    expect(isValidSpecialFileInfo(key, value)).toBe(true);
  });

  it.each(bad)('%s may not be %j', (key, value) => {
    expect(isValidSpecialFileInfo(key, value)).toBe(false);
  });

  it('has five keys', () => {
    expect(isSpecialFileInfoKey('b2-expires')).toBe(true);
    expect(isSpecialFileInfoKey('b2-other')).toBe(false);
    expect(isSpecialFileInfoKey('toString')).toBe(false);
  });

  it('is judged quickly, whatever it is', () => {
    // Of the processor, so that a machine that is busy with something else does not count.
    const start = process.cpuUsage();
    for (const text of [
      `a${';'.repeat(4000)}`,
      `a;b="${'\\'.repeat(4000)}`,
      `a;${' '.repeat(4000)}`,
      'a,'.repeat(2000),
    ]) {
      for (const key of [
        'b2-content-disposition',
        'b2-content-language',
        'b2-cache-control',
        'b2-content-encoding',
      ] as const) {
        isValidSpecialFileInfo(key, text);
      }
    }
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });
});
