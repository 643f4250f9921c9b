import { createHmac } from 'node:crypto';
import { SecretBytes } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { ChecksumMaskMaker } from './checksum-mask-maker.ts';
import { maskChecksums, maskEntityTag, maskFurther } from './checksum-masks.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';
import { codeOf, patternOf, testProvider } from './test-support.ts';

describe('masks', () => {
  it('are HMAC-SHA-512, for ids of every length, one after the other', () => {
    const key = patternOf(32);
    const masks = new ChecksumMaskMaker(SecretBytes.copyOf(key));
    for (const length of [32, 1, 64, 65, 33, 200, 32, 0]) {
      const blobId = 'x'.repeat(length);
      const expected = createHmac('sha512', key).update(`coffer/checksum/v1\0${blobId}`).digest();
      expect(Buffer.compare(masks.maskOf(blobId), expected)).toBe(0);
    }
  });

  it('end with their global key', async () => {
    const key = SecretBytes.random(32);
    const provider = new MemoryKeyProvider([{ id: 'gk', state: 'active', createdAt: 1, key }]);
    const masks = await provider.checksumMasks('gk');
    const mask = Uint8Array.from(masks.maskOf('blob'));
    provider.forget();
    expect(Uint8Array.from(masks.maskOf('blob'))).toEqual(mask);
    key.wipe();
    expect(() => masks.maskOf('blob')).toThrow();
  });
});

describe('masking', () => {
  it('leaves out what is not there, and refuses what is no checksum', async () => {
    const masks = await testProvider().checksumMasks('gk_new');
    const nothing = { sha1: null, sha1Verified: false, md5: null };
    expect(maskChecksums(masks, 'blob', nothing)).toEqual(nothing);
    const sha1Only = { sha1: patternOf(20), sha1Verified: true, md5: null };
    expect(maskChecksums(masks, 'blob', maskChecksums(masks, 'blob', sha1Only))).toEqual(sha1Only);
    for (const bad of [{ sha1: patternOf(19) }, { md5: patternOf(17) }])
      expect(await codeOf(() => maskChecksums(masks, 'blob', { ...nothing, ...bad }))).toBe('malformed');
  });

  it('has masks of their own for further checksums and entity tags, each undone by itself', async () => {
    const masks = await testProvider().checksumMasks('gk_new');
    const further = { algorithm: 'SHA256', of: 'content', value: new Uint8Array(32) } as const;
    const zeroes = { sha1: new Uint8Array(20), sha1Verified: true, md5: new Uint8Array(16), further };
    const stored = maskChecksums(masks, 'blob', zeroes);
    expect(maskChecksums(masks, 'blob', stored)).toEqual(zeroes);
    const tag = maskEntityTag(masks, 'blob', new Uint8Array(16));
    expect(maskEntityTag(masks, 'blob', tag)).toEqual(new Uint8Array(16));
    const seen = [stored.sha1, stored.further?.value, tag].map((bytes) =>
      Buffer.from(bytes ?? []).toString('hex', 0, 16),
    );
    expect(new Set([...seen, '0'.repeat(32)]).size).toBe(4);
    expect(maskFurther(masks, 'other', further).value).not.toEqual(stored.further?.value);
    const undecided = { ...further, value: null };
    expect(maskFurther(masks, 'blob', undecided)).toEqual(undecided);
    expect(await codeOf(() => maskFurther(masks, 'blob', { ...further, value: patternOf(31) }))).toBe('malformed');
    expect(await codeOf(() => maskEntityTag(masks, 'blob', patternOf(20)))).toBe('malformed');
  });
});
