import * as z from 'zod';
import { defaultListCount } from './limits.ts';
import { rule } from './rule.ts';

/** The number of rows asked for: 0 and absent mean the default. More than `max` is refused with `out_of_range`. */
export function listCountField(name: string, max: number) {
  const given = z
    .int()
    .nonnegative()
    .check(
      rule((count: number) =>
        count > max ? { code: 'out_of_range', message: `${name} must be no more than ${max}` } : undefined,
      ),
    );
  return z.codec(given, z.int(), { decode: orDefault, encode: (count) => count }).default(defaultListCount);
}

/** As {@link listCountField}, but more than `max` is cut down to it. */
export function clampedCountField(max: number) {
  return z
    .codec(z.int().nonnegative(), z.int(), {
      decode: (count) => Math.min(max, orDefault(count)),
      encode: (count) => count,
    })
    .default(defaultListCount);
}

function orDefault(count: number): number {
  return count === 0 ? defaultListCount : count;
}
