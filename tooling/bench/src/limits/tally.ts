import { performance } from 'node:perf_hooks';

/** Runs an action so many times at once, numbered from 0. */
export function times<T>(count: number, action: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => action(index)));
}

/** Runs an action for each number below `count`, so many at once. */
export async function workers(atOnce: number, count: number, action: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await times(atOnce, async () => {
    while (next < count) await action(next++);
  });
}

/** Lets a number of workers repeat an action for some seconds; resolves to how often it was done per second. */
export async function repeatedly(
  atOnce: number,
  seconds: number,
  action: (index: number) => Promise<void>,
): Promise<number> {
  const began = performance.now();
  let done = 0;
  await times(atOnce, async (index) => {
    for (; performance.now() - began < seconds * 1000; done++) await action(index);
  });
  return done / ((performance.now() - began) / 1000);
}

/** `[200, 200, 503]` → `2 × 200, 1 × 503`. */
export function tally(values: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ');
}
