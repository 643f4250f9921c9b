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

/** `[200, 200, 503]` → `2 × 200, 1 × 503`. */
export function tally(values: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ');
}
