import { ConformanceError } from '../model/conformance-error.ts';

/** A row of a listing. */
export interface ListedRow {
  /** What tells the row from all others of its listing. */
  readonly identity: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Many times what all cases store, also where a page has only a few rows. */
const [mostPages, mostRows] = [1000, 10_000];
/** Milliseconds after which no further row is removed. */
const longest = 300_000;

/**
 * Lists and removes until nothing is listed. What is listed first is removed, so the next page is always the first one.
 *
 * @param now tells the time, in milliseconds.
 * @throws ConformanceError `setup` if the endpoint lists on and on, or lists what it said it had deleted, or if
 * it takes more than five minutes.
 */
export async function removeListed(
  listFirst: () => Promise<readonly ListedRow[]>,
  now: () => number = () => performance.now(),
): Promise<void> {
  const begun = now();
  let [before, removed] = ['', 0];
  for (let page = 0; page < mostPages; page++) {
    const rows = await listFirst();
    if (rows.length === 0) return;
    const identities = JSON.stringify(rows.map(({ identity }) => identity));
    if (identities === before) throw new ConformanceError('setup', 'what was deleted is listed again');
    before = identities;
    for (const { remove } of rows) {
      if (removed >= mostRows) throw new ConformanceError('setup', `after ${removed} deletions there is still more`);
      if (now() - begun > longest)
        throw new ConformanceError('setup', `after ${longest / 1000} s and ${removed} deletions there is still more`);
      await remove();
      removed++;
    }
  }
  throw new ConformanceError('setup', `after ${mostPages} pages of deletions there is still more`);
}
