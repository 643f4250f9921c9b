import { createHmac, hkdfSync } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { expand } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { hkdfExpandSha512 } from './hkdf-expand.ts';

const bytes = (max: number) => fc.uint8Array({ maxLength: max });

property.prop([bytes(80), bytes(40), bytes(100), fc.integer({ min: 0, max: 300 })])(
  'after an extract step it is what the platform offers',
  (key, salt, info, length) => {
    const prk = createHmac('sha512', salt).update(key).digest();
    expect(hkdfExpandSha512(prk, info, length)).toEqual(new Uint8Array(hkdfSync('sha512', key, salt, info, length)));
    expect(hkdfExpandSha512(prk, info, length)).toEqual(expand(sha512, prk, info, length));
  },
);

it.each([-1, 0.5, 255 * 64 + 1])('refuses %d bytes', (length) => {
  expect(() => hkdfExpandSha512(new Uint8Array(32), new Uint8Array(0), length)).toThrow(RangeError);
});
