import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePercent, encodePercent } from './percent-encoding.ts';

// B2 docs "String Encoding", the published test cases (the space aside, where both forms are allowed).
const table: [string, string][] = [
  [' ', '%20'],
  ['!', '!'],
  ['"', '%22'],
  ['#', '%23'],
  ['$', '$'],
  ['%', '%25'],
  ['&', '%26'],
  ["'", "'"],
  ['(', '('],
  [')', ')'],
  ['*', '*'],
  ['+', '%2B'],
  [',', '%2C'],
  ['-', '-'],
  ['.', '.'],
  ['/', '/'],
  ['0', '0'],
  [':', ':'],
  [';', ';'],
  ['<', '%3C'],
  ['=', '='],
  ['>', '%3E'],
  ['?', '%3F'],
  ['@', '@'],
  ['A', 'A'],
  ['[', '%5B'],
  ['\\', '%5C'],
  [']', '%5D'],
  ['^', '%5E'],
  ['_', '_'],
  ['`', '%60'],
  ['a', 'a'],
  ['{', '%7B'],
  ['|', '%7C'],
  ['}', '%7D'],
  ['~', '~'],
  ['\u007f', '%7F'],
  ['\n', '%0A'],
  ['自由', '%E8%87%AA%E7%94%B1'],
  ['\u{10400}', '%F0%90%90%80'],
];

describe('encodePercent', () => {
  it.each(table)('%j is %s', (text, encoded) => {
    expect(encodePercent(text)).toBe(encoded);
    expect(decodePercent(encoded)).toBe(text);
    expect(decodePercent(encoded.toLowerCase())?.toLowerCase()).toBe(text.toLowerCase());
  });

  it('is undone by decoding, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodePercent(encodePercent(text))).toBe(text);
      }),
    );
  });

  it('gives text that can be a header value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodePercent(text)).toMatch(/^[!-~]*$/);
      }),
    );
  });
});

describe('decodePercent', () => {
  it.each([
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a b', 'a b'],
    ['%e8%87%AA', '自'],
    ['%EF%BB%BFa', '\uFEFFa'],
    ['%00', '\u0000'],
    ['', ''],
  ])('reads %s', (encoded, text) => {
    expect(decodePercent(encoded)).toBe(text);
  });

  it.each([
    '%',
    '%4',
    'a%4',
    '%zz',
    '%4g',
    '%+1',
    '%%41',
    '%80',
    '%C3',
    '%C3(',
    '%C0%80',
    '%ED%A0%80',
    '%F4%90%80%80',
    '%FF',
    'é',
    '自',
    'a\n',
    'a\u007f',
    '\t',
  ])('refuses %j', (encoded) => {
    expect(decodePercent(encoded)).toBeUndefined();
  });

  it('agrees with the platform on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        let expected: string | undefined;
        try {
          expected = decodeURIComponent(encoded);
        } catch {
          expected = undefined;
        }
        expect(decodePercent(encoded)).toBe(expected);
      }),
    );
  });
});
