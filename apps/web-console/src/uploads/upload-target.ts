import type { Bucket } from '../buckets/bucket-queries.ts';

/** Where uploads go. */
export interface UploadTarget {
  readonly bucket: Bucket;
  /** The folder, with the slash at its end, or empty. */
  readonly prefix: string;
}
