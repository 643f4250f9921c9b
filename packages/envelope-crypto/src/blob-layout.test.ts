import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { MAX_PLAINTEXT_LENGTH, ciphertextLength, ciphertextRange, plaintextLengthOf } from './blob-layout.ts';

const chunk = 16_384;

describe('sizes', () => {
  it.each([
    [0, 72],
    [1, 73],
    [chunk - 1, 56 + chunk - 1 + 16],
    [chunk, 56 + chunk + 32],
    [chunk + 1, 56 + chunk + 1 + 32],
    [2 * chunk, 56 + 2 * chunk + 48],
    [100 * chunk - 1, 56 + 100 * chunk - 1 + 1600],
    [MAX_PLAINTEXT_LENGTH, 56 + 2 ** 52 - 1 + 2 ** 42],
  ])('%i bytes are stored in %i', (plaintext, stored) => {
    expect(ciphertextLength(plaintext)).toBe(stored);
    expect(plaintextLengthOf(stored)).toBe(plaintext);
  });

  it.each([-1, 0, 55, 56, 71, 56 + 16_400, 56 + 16_400 + 15, 72.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'no blob is stored in %d bytes',
    (stored) => {
      expect(plaintextLengthOf(stored)).toBeUndefined();
    },
  );

  it.each([-1, 0.5, Number.NaN, MAX_PLAINTEXT_LENGTH + 1])('no blob holds %d bytes', (plaintext) => {
    expect(() => ciphertextLength(plaintext)).toThrow(RangeError);
  });

  it('is the inverse for every stored size, also around the limit', () => {
    const limit = ciphertextLength(MAX_PLAINTEXT_LENGTH);
    expect(plaintextLengthOf(limit + 1)).toBeUndefined();
    for (let stored = 0; stored < 3 * 16_400; stored++) {
      const plaintext = plaintextLengthOf(stored);
      if (plaintext !== undefined && ciphertextLength(plaintext) !== stored)
        throw new Error(`Not inverse at ${stored}`);
    }
  });

  property.prop([fc.integer({ min: 0, max: MAX_PLAINTEXT_LENGTH })])('are inverse and grow', (plaintext) => {
    expect(plaintextLengthOf(ciphertextLength(plaintext))).toBe(plaintext);
    if (plaintext > 0) expect(ciphertextLength(plaintext)).toBeGreaterThan(ciphertextLength(plaintext - 1));
  });
});

describe('ciphertextRange', () => {
  const length = 2 * chunk + 5;
  it.each([
    [0, 0, 56, 0],
    [0, 1, 56, 16_400],
    [chunk - 1, 1, 56, 16_400],
    [chunk - 1, 2, 56, 2 * 16_400],
    [chunk, 1, 56 + 16_400, 16_400],
    [2 * chunk, 5, 56 + 2 * 16_400, 21],
    [0, length, 56, 2 * 16_400 + 21],
    [length, 0, 56 + 2 * 16_400, 0],
  ])('%i + %i is at %i + %i', (start, count, storedStart, storedLength) => {
    expect(ciphertextRange({ start, length: count }, length)).toEqual({ start: storedStart, length: storedLength });
  });

  it.each([
    [0, length + 1],
    [length, 1],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('refuses %d + %d', (start, count) => {
    expect(() => ciphertextRange({ start, length: count }, length)).toThrow(RangeError);
  });

  it('leaves out the empty last chunk', () => {
    expect(ciphertextRange({ start: 0, length: chunk }, chunk)).toEqual({ start: 56, length: 16_400 });
  });
});
