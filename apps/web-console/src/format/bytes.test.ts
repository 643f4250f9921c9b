import { describe, expect, it } from 'vitest';
import { countOf, formatBytes, formatExactBytes } from './bytes.ts';

describe('bytes for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 KB'],
    [1_500, '1.5 KB'],
    [9_994, '9.99 KB'],
    [9_996, '10 KB'],
    [99_960, '100 KB'],
    [999_499, '999 KB'],
    [999_500, '1 MB'],
    [123_456_789, '123 MB'],
    [5_000_000_000_000, '5 TB'],
    [Number.MAX_SAFE_INTEGER, '9.01 PB'],
  ])('%i is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('are also told exactly', () => {
    expect(formatExactBytes(1)).toBe('1 byte');
    expect(formatExactBytes(1_234_567)).toBe('1,234,567 bytes');
    expect(countOf(2_000, 'file')).toBe('2,000 files');
    expect(countOf(1, 'entry', 'entries')).toBe('1 entry');
  });
});
