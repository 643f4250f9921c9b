/**
 * Uses items one after the other, so many at the same time. After an error, or once the signal aborts, no further item
 * is begun.
 *
 * @returns the errors, when all that had begun have ended.
 */
export async function useAll<Item>(
  items: Iterable<Item>,
  atATime: number,
  use: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  const queue = items[Symbol.iterator]();
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    while (errors.length === 0 && signal?.aborted !== true) {
      const next = queue.next();
      if (next.done === true) return;
      await use(next.value).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return errors;
}
