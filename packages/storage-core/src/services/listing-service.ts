import type { FileVersion } from './file-service.ts';

/** A row of a listing. */
export type ListingRow =
  | {
      readonly kind: 'version';
      readonly version: FileVersion;
      /**
       * Whether it is the newest version or hide marker of its name; an unfinished large file never is. Only in
       * listings of versions that were asked for it.
       */
      readonly isLatest?: boolean;
    }
  | { readonly kind: 'folder'; readonly name: string };

/** What listings have in common. */
export interface ListingQuery {
  readonly bucketId: string;
  /** Names that begin with it; absent: all. At most 1024 bytes of UTF-8, as every name here. */
  readonly prefix?: string;
  /** Names that are the same up to and with the first delimiter after the prefix fold into one row. */
  readonly delimiter?: string;
  /** Rows at most: 1 to 10,000. */
  readonly limit: number;
}

/** Which page of a listing is wanted. */
export interface NamesQuery extends ListingQuery {
  /** The first name that may be on the page. */
  readonly startName?: string;
  /**
   * The page begins behind this name, whether there is such a name or not, and behind the whole folder that it is in,
   * or is, if the listing would fold it. `invalid` together with `startName`.
   */
  readonly after?: string;
}

/** Which page of a listing of versions is wanted. */
export interface VersionsQuery extends ListingQuery {
  /** The first name that may be on the page. */
  readonly startName?: string;
  /** The first version of `startName` that may be on the page. */
  readonly startFileId?: string;
  /**
   * The page begins behind this version, or without `fileId` behind all versions of the name; behind the whole folder
   * if the listing would fold the name. A version that was deleted since counts as made when its id says. `invalid`
   * together with `startName`.
   */
  readonly after?: { readonly name: string; readonly fileId?: string };
  /**
   * Leaves out unfinished large files; a folder that has nothing else is no row either. The page costs its rows and
   * the unfinished large files that lie before and between them, up to the next row; of a folder, those before its
   * first version.
   */
  readonly without?: 'unfinished';
  /**
   * Whether rows have {@link ListingRow} `isLatest`. Costs one read more on a page that begins within the versions of a
   * name, otherwise nothing.
   */
  readonly marksLatest?: boolean;
}

/** Which page of a listing of unfinished large files is wanted. */
export interface UnfinishedQuery extends ListingQuery {
  /**
   * The page begins behind this large file, whether it is still unfinished or not, or without `fileId` behind all of
   * the name; behind the whole folder if the listing would fold the name. `invalid`, field `fileId`, if the id is of
   * another name or of no file of this server.
   */
  readonly after?: { readonly name: string; readonly fileId?: string };
}

/** Listings. A page costs what its rows cost, however much there is around them, unless its method says otherwise. */
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
  /**
   * Unfinished large files: name ascending in UTF-8 byte order, oldest start first. They are found by their ids alone,
   * so every page reads a short row of each unfinished large file of the bucket, but keeps no more of them than it
   * gives out. `isTruncated`: whether more come after the page; such a page has at least one row.
   */
  unfinished(query: UnfinishedQuery): Promise<{
    readonly rows: readonly ListingRow[];
    readonly isTruncated: boolean;
  }>;
}
