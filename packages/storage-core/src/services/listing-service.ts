import type { FileVersion } from './file-service.ts';

/** A row of a listing. */
export type ListingRow =
  { readonly kind: 'version'; readonly version: FileVersion } | { readonly kind: 'folder'; readonly name: string };

/** Listings. A page costs what its rows cost, however much there is around them. */
export interface ListingService {
  /** One row per visible name, in UTF-8 byte order; with a delimiter, names that share what is up to it fold into one folder row. */
  names(query: { bucketId: string; prefix?: string; delimiter?: string; startName?: string; limit: number }): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
  }>;
  /** Every version: name ascending, newest first. */
  versions(query: {
    bucketId: string;
    prefix?: string;
    delimiter?: string;
    startName?: string;
    startFileId?: string;
    limit: number;
  }): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
    readonly nextFileId: string | null;
  }>;
}
