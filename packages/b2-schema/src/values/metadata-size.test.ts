import { describe, expect, test } from 'vitest';
import { headerMetadataSize } from './metadata-size.ts';

describe('the size of metadata', () => {
  test.each([
    ['', 0],
    ["AZaz09._-/~!$'()*;=:@", 21],
    [' +%"', 12],
    ['自由', 18],
    ['\u{10400}', 12],
    ['a\n', 4],
  ])('of the name %j is that of its header and %i', (text, size) => {
    expect(headerMetadataSize(text, {})).toBe('X-Bz-File-Name'.length + size);
  });

  test('counts names of headers', () => {
    expect(headerMetadataSize('abc', { key: 'ä' })).toBe('X-Bz-File-Name'.length + 3 + 'X-Bz-Info-key'.length + 6);
  });
});
