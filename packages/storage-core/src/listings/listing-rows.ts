import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { allShown } from '../encryption/checksums.ts';
import type { ListingRow } from '../services/storage.ts';

/** A row of a listing as it was found. */
export type FoundRow =
  | { readonly kind: 'version'; readonly version: FileVersionRecord }
  | { readonly kind: 'folder'; readonly name: string };

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
    return value === undefined ? [] : [{ kind: 'version', version: value }];
  });
}
