import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chunkingsOf, replayed, swapped } from './chunkings.ts';
import { randomContent } from './specimens.ts';
import { compressedShare, repeatedPieces, sharedPieces, shareKeystream } from './stored-bytes.ts';

const random = (of: string, size = 4000) => randomContent(of, size);
const header = Buffer.from('a format of files, version 1\n');
const withHeader = (bytes: Uint8Array) => Buffer.concat([header, bytes]);

describe('what two stored files share', () => {
  it('is nothing where only the header of the format is the same', () => {
    const [one, other, third] = [withHeader(random('1')), withHeader(random('2')), withHeader(random('3'))];
    expect(sharedPieces(one, other, third)).toBe(0);
  });

  it('is found at any distance', () => {
    const one = withHeader(random('1'));
    const other = Buffer.concat([random('2', 77), random('1')]);
    expect(sharedPieces(one, other, withHeader(random('3')))).toBeGreaterThan(200);
  });
});

it('counts what comes again in itself', () => {
  const block = random('block', 64);
  expect(repeatedPieces(random('once'))).toBe(0);
  expect(repeatedPieces(Buffer.concat([random('1'), block, random('2'), block]))).toBeGreaterThanOrEqual(3);
  expect(compressedShare(random('once'))).toBe(1);
  expect(compressedShare(Buffer.from(random('text')).fill(0, 1000))).toBeLessThan(0.5);
});

it('knows the same key stream behind a header, and another one', () => {
  const seal = (content: Uint8Array, iv: number) => ({
    content,
    bytes: withHeader(createCipheriv('aes-256-ctr', random('key', 32), Buffer.alloc(16, iv)).update(content)),
  });
  expect(shareKeystream(seal(random('1'), 5), seal(random('2'), 5))).toBe(true);
  expect(shareKeystream(seal(random('1'), 5), seal(random('2'), 6))).toBe(false);
});

describe('how content may have been cut', () => {
  it.each([
    [16_384, 16, 56],
    [65_536, 32, 0],
    [4096, 28, 100],
  ])('finds pieces of %s bytes with a tag of %s after %s', (size, tag, head) => {
    const content = 150_001;
    const stored = head + content + Math.ceil(content / size) * tag;
    const found = chunkingsOf(content, stored, undefined).find((one) => one.exact && one.stride === size + tag);
    expect(found).toMatchObject({ head, count: Math.ceil(content / size) });
  });

  it('takes a hint', () => {
    const found = chunkingsOf(250, 250 + 3 * 16 + 5, 100).map(({ stride, head }) => [stride, head]);
    expect(found).toContainEqual([116, 5]);
    expect(chunkingsOf(250, 250 + 3 * 16 + 5, undefined)).toEqual([]);
  });

  it('moves pieces', () => {
    const [first, second, third] = [random('1', 110), random('2', 110), random('3', 60)];
    const stored = Buffer.concat([header, first, second, third]);
    const chunking = { head: header.length, stride: 110, count: 3, exact: true, title: '' };
    expect(swapped(chunking, stored)).toEqual(Buffer.concat([header, second, first, third]));
    expect(replayed(chunking, stored)).toEqual(Buffer.concat([header, first, first, third]));
  });
});
