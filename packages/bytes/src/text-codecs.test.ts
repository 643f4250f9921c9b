import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeHex, encodeBase64, encodeHex } from './text-codecs.ts';

const bytes = fc.uint8Array({ maxLength: 100 });
const base64Like = fc.string({
  unit: fc.constantFrom('A', 'B', 'Q', 'g', '/', '+', '=', '-', ' ', '\n', '\u0141'),
  maxLength: 12,
});
const hexLike = fc.string({ unit: fc.constantFrom('0', '9', 'a', 'F', 'g', '-', ' ', '\u0130'), maxLength: 8 });

describe.each([
  ['base64', encodeBase64, decodeBase64, base64Like],
  ['hex', encodeHex, decodeHex, hexLike],
] as const)('%s', (encoding, encode, decode, alike) => {
  it('agrees with Buffer and decodes to what was encoded', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        expect(encode(input)).toBe(Buffer.from(input).toString(encoding));
        expect(decode(encode(input))).toEqual(input);
      }),
    );
  });

  it('decodes a text exactly if Buffer reads and writes it alike', () => {
    fc.assert(
      fc.property(fc.oneof(alike, fc.string({ maxLength: 8 })), (text) => {
        const buffer = Buffer.from(text, encoding);
        const rewritten = buffer.toString(encoding);
        const canonical =
          encoding === 'hex' ? rewritten === text.replaceAll(/[A-F]/g, (c) => c.toLowerCase()) : rewritten === text;
        expect(decode(text)).toEqual(canonical ? new Uint8Array(buffer) : undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('refused', () => {
  it.each([
    'A',
    'AA',
    'AAA',
    'AAAAA',
    'AA=A',
    '====',
    'A===',
    'QQ',
    'QR==',
    'QUF=',
    'QQ== ',
    ' QQ==',
    'QQ=\n',
    '_-__',
    'QQ==QQ==',
  ])('as base64: %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  it.each(['a', 'abc', 'zz', '0x', ' a', 'a\n'])('as hex: %j', (text) => {
    expect(decodeHex(text)).toBeUndefined();
  });
});

it('ten megabytes are no trouble', () => {
  const large = new Uint8Array(10_000_000).fill(7);
  expect(decodeBase64(encodeBase64(large))?.length).toBe(large.length);
  expect(decodeHex(encodeHex(large))?.length).toBe(large.length);
});
