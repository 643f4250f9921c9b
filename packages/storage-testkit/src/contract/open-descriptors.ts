import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { inCase } from './in-case.ts';

const repetitions = 50;
/**
 * How many more descriptors may be open afterwards: far fewer than {@link repetitions}, but more than a pool, or a file
 * that is opened once, needs.
 */
const allowed = 10;

/** How many descriptors this process has open; undefined where the system does not show them. */
function countDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

/** Why descriptors cannot be counted here; undefined: they can. */
export const uncountable = countDescriptors() === undefined ? 'there is no /proc/self/fd on this system' : undefined;

/** Repeats each action many times, and fails with the action's name if descriptors stay open afterwards. */
export async function expectAllClosed(
  things: Readonly<Record<string, (round: number) => Promise<unknown>>>,
): Promise<void> {
  for (const [name, act] of Object.entries(things))
    await inCase(name, async () => {
      const before = countDescriptors() ?? 0;
      for (let round = 0; round < repetitions; round++) await act(round);
      const left = (countDescriptors() ?? 0) - before;
      expect(left, `descriptors still open after ${repetitions} times`).toBeLessThan(allowed);
    });
}
