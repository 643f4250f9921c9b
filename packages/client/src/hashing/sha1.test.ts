import { fc, test } from '@fast-check/vitest';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startSha1 } from '#sha1';
import { sha1Of } from '../sources/sha1-of.ts';
import { startSha1 as node } from './node-sha1.ts';
import { startSha1 as noble } from './noble-sha1.ts';

describe('SHA-1', () => {
  it('is that of Node where Node is', () => {
    expect(startSha1).toBe(node);
  });

  it.each([
    ['node', node],
    ['noble', noble],
  ])('of %s has the values of FIPS 180-2, appendix A', (_, start) => {
    const sha1 = start();
    sha1.update(new TextEncoder().encode('abcdbcdecdefdefgefghfghighijhijkijkljklmklmn'));
    sha1.update(new TextEncoder().encode('lmnomnopnopq'));
    expect(sha1.hex()).toBe('84983e441c3bd26ebaae4aa1f95129e5e54670f1');
    expect(start().hex()).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  });

  test.prop([fc.array(fc.uint8Array({ maxLength: 200 }))])('is the same in both, however it is cut', (pieces) => {
    const [one, other] = [node(), noble()];
    for (const piece of pieces) for (const running of [one, other]) running.update(piece);
    expect(other.hex()).toBe(one.hex());
  });

  it.each([0, 1, 2 ** 22, 2 ** 22 + 1, 3 * 2 ** 22])('of %i bytes is computed in turns', async (length) => {
    const data = new Uint8Array(length).fill(5);
    const expected = createHash('sha1').update(data).digest('hex');
    expect(await sha1Of(data)).toBe(expected);
    expect(await sha1Of(new Blob([data]))).toBe(expected);
  });

  it('ends when it is aborted', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(sha1Of(new Uint8Array(10), aborted)).rejects.toThrow('enough');
  });
});
