import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { nextTurn } from '../core/turns.ts';
import { allShown } from '../encryption/checksums.ts';
import type { ListingRow } from '../services/storage.ts';

/** A row of a listing as it was found. */
export type FoundRow =
  | { readonly kind: 'version'; readonly version: FileVersionRecord; readonly isLatest?: boolean }
  | { readonly kind: 'folder'; readonly name: string };

const lookupsAtOnce = 100;

/** What was found by an index, looked up in as many turns as it takes. Undefined: it is gone meanwhile. */
export async function lookUpRows<Found>(
  found: readonly Found[],
  lookUp: (row: Found) => Promise<FoundRow | undefined>,
): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  for (let at = 0; at < found.length; at += lookupsAtOnce) {
    const some = found.slice(at, at + lookupsAtOnce).map(lookUp);
    for (const row of await Promise.all(some)) if (row !== undefined) rows.push(row);
    await nextTurn();
  }
  return rows;
}

/** The rows as they are shown. */
export async function shownRows(core: Core, found: readonly FoundRow[]): Promise<ListingRow[]> {
  const versions = await allShown(
    core,
    found.flatMap((row) => (row.kind === 'version' ? [row.version] : [])),
  );
  const next = versions.values();
  return found.flatMap((row): ListingRow[] => {
    if (row.kind === 'folder') return [row];
    const { value } = next.next();
    return value === undefined ? [] : [{ ...row, version: value }];
  });
}
