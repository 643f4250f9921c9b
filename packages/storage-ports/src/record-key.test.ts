import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterKey,
  afterPrefix,
  compareKeys,
  prefixRange,
  recordKey,
  textPrefixKey,
  type KeyPart,
} from './record-key.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const utf8 = new TextEncoder();
const sign = (n: number) => Math.sign(n);
const within = (key: Uint8Array, range: { start: Uint8Array; end: Uint8Array | undefined }) =>
  compareKeys(range.start, key) <= 0 && (range.end === undefined || compareKeys(key, range.end) < 0);
const startsWith = (key: Uint8Array, prefix: Uint8Array) => compareKeys(key.subarray(0, prefix.length), prefix) === 0;

describe('recordKey', () => {
  test('texts and numbers as documented', () => {
    expect(recordKey('a\0é')).toEqual(Uint8Array.of(0x61, 0, 0xc3, 0xbf, 0xc3, 0xa9, 0, 1));
    expect(recordKey('')).toEqual(Uint8Array.of(0, 1));
    expect(recordKey(258)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2));
    expect(recordKey({ descending: 0 })).toEqual(Uint8Array.of(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
    expect(recordKey('a', 1, 'b').length).toBe(3 + 8 + 3);
    expect(recordKey()).toEqual(new Uint8Array(0));
  });

  test('property: texts are ordered as their UTF-8 bytes, then what follows decides', () => {
    fc.assert(
      fc.property(text, text, number, number, (a, b, m, n) => {
        const byText = sign(compareKeys(utf8.encode(a), utf8.encode(b)));
        expect(sign(compareKeys(recordKey(a, m), recordKey(b, n)))).toBe(byText === 0 ? sign(m - n) : byText);
        expect(sign(compareKeys(recordKey(m, a), recordKey(n, b)))).toBe(m === n ? byText : sign(m - n));
      }),
    );
  });

  test('property: descending numbers are ordered the other way', () => {
    fc.assert(
      fc.property(text, number, number, (name, m, n) => {
        const key = (descending: number) => recordKey(name, { descending }, 'id');
        expect(sign(compareKeys(key(m), key(n)))).toBe(sign(n - m));
      }),
    );
  });

  test('property: different components give different keys', () => {
    const parts = fc.array(fc.oneof(text, number), { maxLength: 3 });
    const kinds = (list: readonly KeyPart[]) => list.map((part) => typeof part).join();
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        fc.pre(kinds(a) === kinds(b) && JSON.stringify(a) !== JSON.stringify(b));
        expect(compareKeys(recordKey(...a), recordKey(...b))).not.toBe(0);
      }),
    );
  });

  test('a number that is negative, fractional or too large is refused, in either direction', () => {
    for (const wrong of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Infinity]) {
      expect(() => recordKey(wrong)).toThrow(RangeError);
      expect(() => recordKey({ descending: wrong })).toThrow(RangeError);
    }
  });
});

describe('ranges', () => {
  test('property: the range of some components covers exactly the keys that continue them', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const range = prefixRange(recordKey(a));
        expect(within(recordKey(a, c), range)).toBe(true);
        expect(within(recordKey(b, c), range)).toBe(a === b);
      }),
    );
  });

  test('property: a text prefix covers exactly the texts that begin so', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (a, b, joined) => {
        const name = joined ? a + b : b;
        expect(within(recordKey('bucket', name), prefixRange(textPrefixKey(['bucket'], a)))).toBe(name.startsWith(a));
        expect(within(recordKey('other', name), prefixRange(textPrefixKey(['bucket'], a)))).toBe(false);
      }),
    );
  });

  test('property: afterPrefix bounds the keys with a prefix, and only those', () => {
    const bytes = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (prefix, rest, other) => {
        const range = prefixRange(prefix);
        expect(within(Uint8Array.of(...prefix, ...rest), range)).toBe(true);
        expect(within(other, range)).toBe(startsWith(other, prefix));
      }),
    );
    expect(afterPrefix(Uint8Array.of(0xff, 0xff))).toBeUndefined();
    expect(afterPrefix(new Uint8Array(0))).toBeUndefined();
    expect(afterPrefix(Uint8Array.of(1, 0xff))).toEqual(Uint8Array.of(2));
  });

  test('property: there is nothing between a key and the one after it', () => {
    const bytes = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, (key, other) => {
        expect(compareKeys(key, afterKey(key))).toBeLessThan(0);
        expect(compareKeys(other, key) > 0 && compareKeys(other, afterKey(key)) < 0).toBe(false);
      }),
    );
  });
});
