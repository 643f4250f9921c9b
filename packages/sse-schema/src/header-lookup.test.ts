import { describe, expect, it } from 'vitest';
import { key, md5 } from '../testing/sample-keys.ts';
import { b2SseHeaders, parseB2UploadHeaders, printB2UploadHeaders } from './b2-headers.ts';
import { headerLines, lookupIn } from './header-lookup.ts';

const pairs: [string, string][] = [
  [b2SseHeaders.algorithm, 'AES256'],
  [b2SseHeaders.key, key],
  [b2SseHeaders.md5, md5],
];

describe('headers to read', () => {
  it.each([
    ['pairs', pairs],
    ['Headers', new Headers(pairs)],
    ["Node's object", Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))],
    ['a Map', new Map(pairs)],
    ['a lookup', lookupIn(pairs)],
  ])('may be %s', (_, source) => {
    expect(parseB2UploadHeaders(source)).toMatchObject({ ok: true, value: { mode: 'SSE-C' } });
  });

  it('have all lines of a name, whatever its case', () => {
    const source = { 'X-Two': ['1', '2'], 'x-none': undefined, 'x-one': '3' };
    expect(lookupIn(source)('x-two')).toEqual(['1', '2']);
    expect(lookupIn(source)('X-NONE')).toEqual([]);
    expect([...headerLines(source)]).toEqual([
      ['X-Two', '1'],
      ['X-Two', '2'],
      ['x-one', '3'],
    ]);
  });

  it('refuse a key that came twice, in every form', () => {
    const twice: [string, string][] = [...pairs, [b2SseHeaders.key, key]];
    expect(parseB2UploadHeaders(twice)).toMatchObject({ ok: false, error: { code: 'duplicate_parameter' } });
    expect(parseB2UploadHeaders(new Headers(twice)).ok).toBe(false);
    expect(parseB2UploadHeaders({ ...Object.fromEntries(pairs), [b2SseHeaders.key]: [key, key] }).ok).toBe(false);
  });

  it('are printed as new Headers() takes them', () => {
    const parsed = parseB2UploadHeaders(pairs);
    if (!parsed.ok || parsed.value === undefined) throw new Error('not parsed');
    const headers = new Headers(printB2UploadHeaders(parsed.value));
    expect(headers.get(b2SseHeaders.key)).toBe(key);
  });
});
