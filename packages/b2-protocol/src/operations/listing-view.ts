import { printListedFile, type WireFile } from '@coffer/b2-schema';
import { mapInTurns, type ListingRow } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { fileVersionView, folderView } from '../views/file-view.ts';
import type { Call } from './handler.ts';

/** The rows of a listing as the caller sees them in the version of the call. */
export async function listingView(rows: readonly ListingRow[], bucket: BucketRecord, call: Call): Promise<WireFile[]> {
  return mapInTurns(rows, (row) => printListedFile(rowView(row, bucket, call), call.version));
}

function rowView(row: ListingRow, bucket: BucketRecord, { grant }: Call): WireFile {
  return row.kind === 'folder' ? folderView(bucket, row.name) : fileVersionView(row.version, grant.capabilities);
}

/** The delimiter to fold names at; an empty one folds nothing. */
export function foldingDelimiter(delimiter: string | undefined): string | undefined {
  return delimiter === '' ? undefined : delimiter;
}
