import type { FileVersion } from './file-service.ts';

/** A row of a listing. */
export type ListingRow =
  { readonly kind: 'version'; readonly version: FileVersion } | { readonly kind: 'folder'; readonly name: string };

/** Which page of a listing is wanted. */
export interface NamesQuery {
  readonly bucketId: string;
  readonly prefix?: string;
  readonly delimiter?: string;
  /** The first name that may be on the page. */
  readonly startName?: string;
  /** Rows at most. */
  readonly limit: number;
}

/** Which page of a listing of versions is wanted. */
export interface VersionsQuery extends NamesQuery {
  /** The first version of `startName` that may be on the page. */
  readonly startFileId?: string;
}

/** Listings. A page costs what its rows cost, however much there is around them. */
export interface ListingService {
  /**
   * One row per visible name, in UTF-8 byte order; with a delimiter, names that share what is up to it fold into one
   * folder row.
   */
  names(query: NamesQuery): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
  }>;
  /** Every version: name ascending, newest first. */
  versions(query: VersionsQuery): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
    readonly nextFileId: string | null;
  }>;
}
