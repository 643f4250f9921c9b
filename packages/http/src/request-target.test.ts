import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery, splitTarget } from './request-target.ts';

describe('splitTarget', () => {
  it.each([
    ['/a%20b?x=1?y', '/a%20b', 'x=1?y'],
    ['/', '/', undefined],
    ['/?', '/', ''],
    ['//a/../b', '//a/../b', undefined],
    ['http://host:80/a?b', '/a', 'b'],
    ['HTTPS://host', '/', undefined],
    ['http://host?q', '/', 'q'],
    ['/http://host/a', '/http://host/a', undefined],
    ['*', '*', undefined],
    ['host:443', 'host:443', undefined],
    ['', '', undefined],
  ])('of %j', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});

describe('parseQuery', () => {
  it('returns every pair that was written', () => {
    const text = fc.string();
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const raw = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
        expect(parseQuery(raw, decodeURIComponent)).toEqual(pairs);
      }),
    );
  });

  it('keeps order and duplicates, skips empty pairs, and cuts at the first equals sign', () => {
    expect(parseQuery('b=1&&a&b=2=3&=x&', (text) => text)).toEqual([
      ['b', '1'],
      ['a', ''],
      ['b', '2=3'],
      ['', 'x'],
    ]);
    expect(parseQuery(undefined, (text) => text)).toEqual([]);
  });

  it('passes on what decoding throws', () => {
    expect(() => parseQuery('a=%', decodeURIComponent)).toThrow(URIError);
  });
});
