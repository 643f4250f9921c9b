import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { PieceRest } from './piece-rest.ts';

describe('what of a piece did not fit', () => {
  it('is nothing at first', () => {
    const rest = new PieceRest();
    expect(rest.isEmpty).toBe(true);
    expect(rest.take()).toBeUndefined();
    expect(rest.moveTo(new Uint8Array(3))).toBe(0);
  });

  it('is taken as it is, without being copied', () => {
    const rest = new PieceRest();
    const piece = new Uint8Array([1, 2, 3]);
    rest.keep(piece);
    expect(rest.isEmpty).toBe(false);
    expect(rest.take()).toBe(piece);
    expect(rest.isEmpty).toBe(true);
  });

  it('is replaced by another piece', () => {
    const rest = new PieceRest();
    rest.keep(new Uint8Array([1, 2, 3]));
    rest.keep(new Uint8Array([4]));
    expect(rest.take()).toEqual(new Uint8Array([4]));
  });

  it('is let go of', () => {
    const rest = new PieceRest();
    rest.keep(new Uint8Array([1, 2, 3]));
    rest.drop();
    expect(rest.isEmpty).toBe(true);
    expect(rest.take()).toBeUndefined();
  });

  property.prop([fc.uint8Array({ maxLength: 50 }), fc.array(fc.nat(20))])(
    'comes byte for byte, whatever memory it is moved to, and nothing behind it is touched',
    (piece, lengths) => {
      const rest = new PieceRest();
      rest.keep(piece);
      const moved: number[] = [];
      for (const length of lengths) {
        const target = new Uint8Array(length).fill(0xaa);
        const count = rest.moveTo(target);
        expect(count).toBe(Math.min(length, piece.length - moved.length));
        expect(target.subarray(count).every((byte) => byte === 0xaa)).toBe(true);
        moved.push(...target.subarray(0, count));
        expect(rest.isEmpty).toBe(moved.length === piece.length);
      }
      moved.push(...(rest.take() ?? []));
      expect(moved).toEqual([...piece]);
    },
  );
});
