import fc from 'fast-check';
import { expect, it } from 'vitest';
import { constantTimeEqual } from './constant-time.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

it('agrees with a plain comparison', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(constantTimeEqual(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(constantTimeEqual(a, a.slice())).toBe(true);
    }),
  );
});

it('sees every single bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(7), (a, place, bit) => {
      const b = a.slice();
      b[place % b.length]! ^= 1 << bit;
      expect(constantTimeEqual(a, b)).toBe(false);
    }),
  );
});
