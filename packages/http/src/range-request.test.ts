import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatContentRange, parseRange, resolveRange, unsatisfiedContentRange } from './range-request.ts';

const size = fc.integer({ min: 0, max: 60 });
const content = (length: number) => Array.from({ length }, (_, i) => i);

function resolved(header: string, length: number) {
  return resolveRange(parseRange(header), length);
}

/** The bytes that the resolution stands for, undefined if unsatisfiable. */
function bytesOf(header: string, length: number): number[] | undefined {
  const result = resolved(header, length);
  if (result.kind === 'unsatisfiable') return undefined;
  if (result.kind === 'whole') return content(length);
  return content(length).slice(result.range.start, result.range.start + result.range.length);
}

describe('a single range', () => {
  it('of first and last position is the slice between, unsatisfiable when that is empty', () => {
    fc.assert(
      fc.property(size, fc.nat(80), fc.nat(80), (length, first, more) => {
        const slice = content(length).slice(first, first + more + 1);
        expect(bytesOf(`bytes=${first}-${first + more}`, length)).toEqual(slice.length === 0 ? undefined : slice);
      }),
    );
  });

  it('of a first position is the slice to the end', () => {
    fc.assert(
      fc.property(size, fc.nat(80), (length, first) => {
        const slice = content(length).slice(first);
        expect(bytesOf(`bytes=${first}-`, length)).toEqual(slice.length === 0 ? undefined : slice);
      }),
    );
  });

  it('of a suffix is the slice from the end', () => {
    fc.assert(
      fc.property(size, fc.nat(80), (length, suffix) => {
        const slice = suffix === 0 ? [] : content(length).slice(-suffix);
        expect(bytesOf(`bytes=-${suffix}`, length)).toEqual(slice.length === 0 ? undefined : slice);
      }),
    );
  });

  it('survives its Content-Range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(59), fc.nat(59), (length, a, b) => {
        const result = resolved(`bytes=${Math.min(a, b)}-${Math.max(a, b)}`, length);
        if (result.kind !== 'part') return;
        const [, first, last, total] =
          /^bytes (\d+)-(\d+)\/(\d+)$/.exec(formatContentRange(result.range, length)) ?? [];
        expect(resolved(`bytes=${first!}-${last!}`, Number(total))).toEqual(result);
      }),
    );
  });

  it.each([
    ['bytes=0-4', { first: 0, last: 4 }],
    ['BYTES=0-4', { first: 0, last: 4 }],
    ['bytes= 0-4 ', { first: 0, last: 4 }],
    ['bytes=,0-4,', { first: 0, last: 4 }],
    ['bytes=000-004', { first: 0, last: 4 }],
    ['bytes=99999999999999999999-', { first: Number.MAX_SAFE_INTEGER, last: undefined }],
  ])('is read from %j', (header, range) => {
    expect(parseRange(header)).toEqual({ kind: 'range', ...range });
  });
});

describe('everything else', () => {
  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=5-4',
    'bytes=0-1,2-3',
    'lines=0-1',
    'bytes=0--1',
    'bytes=+0-1',
  ])('such as %j is ignored', (header) => {
    expect(parseRange(header)).toBe('ignored');
    expect(resolved(header, 10)).toEqual({ kind: 'whole' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void resolveRange(parseRange(`bytes=${text}`), 10)));
  });

  it('without a header is the whole', () => {
    expect(parseRange(undefined)).toEqual({ kind: 'none' });
    expect(resolveRange({ kind: 'none' }, 0)).toEqual({ kind: 'whole' });
  });
});

describe('Content-Range', () => {
  it('of an unsatisfied range names the size', () => {
    expect(unsatisfiedContentRange(10)).toBe('bytes */10');
  });

  it.each([
    { start: 0, length: 0 },
    { start: -1, length: 1 },
    { start: 9, length: 2 },
  ])('cannot express %j of 10 bytes', (range) => {
    expect(() => formatContentRange(range, 10)).toThrow(RangeError);
  });
});
