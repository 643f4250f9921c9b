import { createHmac } from 'node:crypto';
import { SecretBytes } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { ChecksumMaskMaker } from './checksum-mask-maker.ts';
import { maskChecksums } from './checksum-masks.ts';
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
});
