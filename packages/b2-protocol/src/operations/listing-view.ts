import { printListedFile, type WireFile } from '@coffer/b2-schema';
import type { ListingRow } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { fileVersionView, folderView, type FileAudience } from '../views/file-view.ts';
import { fileAudience } from './file-audience.ts';
import type { Call } from './handler.ts';

/** How the caller sees the rows of a listing, in the version of the call. */
export function listingView(bucket: BucketRecord, call: Call): (row: ListingRow) => WireFile {
  const audience = fileAudience(call, bucket);
  return (row) => printListedFile(rowView(row, bucket, audience), call.version);
}

function rowView(row: ListingRow, bucket: BucketRecord, audience: FileAudience): WireFile {
  return row.kind === 'folder' ? folderView(bucket, row.name) : fileVersionView(row.version, audience);
}

/** The delimiter to fold names at; an empty one folds nothing. */
export function foldingDelimiter(delimiter: string | undefined): string | undefined {
  return delimiter === '' ? undefined : delimiter;
}
