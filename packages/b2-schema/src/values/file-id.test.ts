import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFileId, isFileId, parseFileId, type FileIdKind } from './file-id.ts';
import { parseAccountId, parseApplicationKeyId, parseBucketId, type BucketId } from './ids.ts';

const bucketId = parseBucketId('27c88f1d182b150646ff0b16') ?? ('' as BucketId);
const sample = {
  bucketId,
  kind: 'large',
  unique: '00ec353a2184825f',
  timestamp: Date.UTC(2016, 3, 9, 0, 48, 29),
  cluster: 0,
  vault: 1016,
  thread: 28,
} as const;
const text = '4_z27c88f1d182b150646ff0b16_f200ec353a2184825f_d20160409_m004829_c000_v0001016_t0028';

describe('a file id', () => {
  it('has the shape of the service', () => {
    expect(formatFileId(sample)).toBe(text);
    expect(parseFileId(text)).toEqual(sample);
    expect(parseFileId(`${text}_u01460162909000`)).toEqual(sample);
  });

  it("is taken with the 15 digits of the docs' examples", () => {
    const documented = '4_z27c88f1d182b150646ff0b16_f1004ba650fe24e6b_d20150809_m012853_c100_v0009990_t0000';
    const parsed = parseFileId(documented);
    expect(parsed).toMatchObject({ kind: 'small', bucketId, cluster: 100, vault: 9990, thread: 0 });
    expect(parsed === undefined ? '' : formatFileId(parsed)).toBe(documented);
  });

  it('gives back its parts', () => {
    const parts = fc.record({
      bucketId: hex(24) as fc.Arbitrary<BucketId>,
      kind: fc.constantFrom<FileIdKind>('small', 'large', 'part', 'tiny'),
      unique: hex(16),
      timestamp: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1000 }).map((seconds) => seconds * 1000),
      cluster: fc.integer({ min: 0, max: 999 }),
      vault: fc.integer({ min: 0, max: 9_999_999 }),
      thread: fc.integer({ min: 0, max: 9999 }),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const id = formatFileId(given);
        expect(parseFileId(id)).toEqual(given);
        expect(id.length).toBeLessThanOrEqual(200);
        expect(encodeURIComponent(id)).toBe(id);
      }),
    );
  });

  it.each([
    '',
    text.toUpperCase(),
    ` ${text}`,
    `${text}\n`,
    text.replace('4_z', '3_z'),
    text.replace('_f2', '_f5'),
    text.replace('d20160409', 'd20160230'),
    text.replace('m004829', 'm246060'),
    text.replace('_t0028', ''),
    `${text}_u1`,
    'x'.repeat(100_000),
  ])('is not %j', (other) => {
    expect(isFileId(other)).toBe(false);
  });

  it.each([
    { unique: 'short' },
    { vault: 10_000_000 },
    { thread: -1 },
    { cluster: 1.5 },
    { bucketId: 'x' as BucketId },
  ])('cannot be made of %j', (change) => {
    expect(() => formatFileId({ ...sample, ...change })).toThrow(RangeError);
  });
});

describe('other ids', () => {
  it('are recognised by their digits', () => {
    expect(parseAccountId('d2e6b27577ea')).toBe('d2e6b27577ea');
    expect(parseAccountId('d2e6b27577e')).toBeUndefined();
    expect(parseBucketId('d2e6b27577ea')).toBeUndefined();
    expect(parseApplicationKeyId('002d2e6b27577ea000000000c')).toBeDefined();
    expect(parseApplicationKeyId('d2e6b27577ea')).toBeDefined();
    expect(parseApplicationKeyId('K002')).toBeUndefined();
  });
});

function hex(length: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
}
