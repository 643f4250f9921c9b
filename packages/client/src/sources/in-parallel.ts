import { checkCount } from './check-count.ts';
import { orAborted } from './or-aborted.ts';

/** Nothing has more: it is also the most parts of a file. */
const most = 10_000;

/**
 * Runs a task for each item, at most `limit` at a time. An item is asked for only when a task is free, so no more than
 * `limit` items are in memory. The first failure aborts the other tasks; it is thrown when all have ended.
 *
 * @throws ClientError `invalid_request` if the limit is not a whole number of at least 1.
 */
export async function inParallel<T>(
  items: AsyncGenerator<T, void> | Generator<T, void>,
  limit: number,
  signal: AbortSignal | undefined,
  run: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  checkCount(limit, 'parallel');
  const failed = new AbortController();
  const both = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  let failure: { readonly reason: unknown } | undefined;
  const work = async () => {
    try {
      for (;;) {
        both.throwIfAborted();
        // The generator queues what several workers ask for at the same time. It may never give any of it.
        const next = await orAborted(Promise.resolve(items.next()), both);
        if (next.done === true) return;
        both.throwIfAborted();
        await run(next.value, both);
      }
    } catch (reason) {
      failure ??= { reason };
      failed.abort(reason);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, most) }, work));
  await close(items, failure !== undefined);
  if (failure !== undefined) throw failure.reason;
}

/** Ends the items. After a failure nobody waits for that: the generator may be waiting for what never comes. */
async function close(
  items: AsyncGenerator<unknown, void> | Generator<unknown, void>,
  isFailed: boolean,
): Promise<void> {
  const closed = Promise.resolve(items.return());
  if (isFailed) closed.catch(() => undefined);
  else await closed;
}
