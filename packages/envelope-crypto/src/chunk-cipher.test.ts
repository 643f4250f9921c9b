import { createCipheriv } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { HEADER_LENGTH, SALT_LENGTH, TAG_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { hkdfExpandSha512 } from './hkdf-expand.ts';
import { codeOf, secretOf } from './test-support.ts';

const salt = new Uint8Array(SALT_LENGTH).fill(7);
const context = new TextEncoder().encode('a context');
const place = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 38 - 1 }),
  fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 38 - 1),
);

const newCipher = () => new ChunkCipher(secretOf(3), salt, context);

/** The chunk at a place, sealed. */
function sealChunk(cipher: ChunkCipher, index: number, plaintext: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + TAG_LENGTH);
  cipher.seal(index, plaintext, sealed);
  return sealed;
}

function openChunk(cipher: ChunkCipher, index: number, sealed: Uint8Array): Uint8Array {
  const plaintext = new Uint8Array(sealed.length - TAG_LENGTH);
  cipher.open(index, sealed, plaintext);
  return plaintext;
}

/** The chunk as the standard has it, worked out with big integers. */
function expectedChunk(index: number, plaintext: Uint8Array): Buffer {
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, context]);
  const okm = Buffer.from(hkdfExpandSha512(new Uint8Array(32).fill(3), info, 76));
  const nonce = (BigInt(`0x${okm.toString('hex', 32, 44)}`) ^ BigInt(index)).toString(16).padStart(24, '0');
  const cipher = createCipheriv('aes-256-gcm', okm.subarray(0, 32), Buffer.from(nonce, 'hex'));
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

describe('the cipher of a blob', () => {
  property.prop([fc.array(place, { minLength: 1, maxLength: 6 }), fc.uint8Array({ maxLength: 50 })])(
    'seals each chunk under the base nonce XOR its place, whichever came before',
    (places, plaintext) => {
      const cipher = newCipher();
      for (const index of places) {
        const sealed = sealChunk(cipher, index, plaintext);
        expect(Buffer.from(sealed)).toEqual(expectedChunk(index, plaintext));
        expect(Buffer.from(openChunk(cipher, index, sealed))).toEqual(Buffer.from(plaintext));
      }
    },
  );

  property.prop([place, place])('opens a chunk in its own place only', async (index, other) => {
    const cipher = newCipher();
    const sealed = sealChunk(cipher, index, Uint8Array.of(1));
    expect(await codeOf(() => openChunk(cipher, other, sealed))).toBe(index === other ? undefined : 'not_authentic');
  });

  it.each([2 ** 38, 2 ** 53, -1, 0.5, Number.NaN])('refuses place %d', (index) => {
    expect(() => sealChunk(newCipher(), index, new Uint8Array())).toThrow(RangeError);
    expect(() => openChunk(newCipher(), index, new Uint8Array(16))).toThrow(RangeError);
  });

  it('is of no use after it was discarded', () => {
    const cipher = newCipher();
    cipher.discard();
    cipher.discard();
    expect(() => sealChunk(cipher, 0, new Uint8Array())).toThrow(expect.objectContaining({ code: 'secret_wiped' }));
    expect(cipher.header).toHaveLength(HEADER_LENGTH);
  });

  it.each([SALT_LENGTH - 1, SALT_LENGTH + 1])('has a salt of 24 bytes, not %d', (length) => {
    expect(() => new ChunkCipher(secretOf(3), new Uint8Array(length), context)).toThrow(RangeError);
  });
});
