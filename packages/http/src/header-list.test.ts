import { describe, expect, it } from 'vitest';
import { HeaderList, headerPairs } from './header-list.ts';

describe('HeaderList', () => {
  const headers = new HeaderList([
    ['X-A', '1'],
    ['x-b', '2'],
    ['x-a', '3'],
  ]);

  it('finds names in any case, first and all', () => {
    expect(headers.get('x-A')).toBe('1');
    expect(headers.getAll('X-a')).toEqual(['1', '3']);
    expect(headers.has('X-B')).toBe(true);
  });

  it('knows what is not there', () => {
    expect(headers.get('x')).toBeUndefined();
    expect(headers.getAll('x')).toEqual([]);
    expect(headers.has('__proto__')).toBe(false);
  });

  it('is made from a record', () => {
    expect(headerPairs({ A: ['1', '2'], B: 3, C: undefined })).toEqual([
      ['A', '1'],
      ['A', '2'],
      ['B', '3'],
    ]);
    expect(HeaderList.from({ A: '1' }).get('a')).toBe('1');
  });

  it('is made from pairs, Headers, and itself', () => {
    const pairs = [
      ['x-a', '1'],
      ['x-b', '2'],
    ] as const;
    expect(HeaderList.from(pairs).pairs).toEqual(pairs);
    expect(HeaderList.from(new Headers(pairs.map(([name, value]) => [name, value]))).pairs).toEqual(pairs);
    expect(HeaderList.from(headers)).toBe(headers);
  });
});
