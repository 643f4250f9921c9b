import type { ReactNode } from 'react';
import type { Bucket } from '../buckets/bucket-queries.ts';

/** Where uploads go. */
export interface UploadTarget {
  readonly bucket: Bucket;
  /** The folder, with the slash at its end, or empty. */
  readonly prefix: string;
}

/** A button that opens the dialog for uploading into a folder. */
export function UploadButton(_: UploadTarget) {
  return null;
}

/** Takes files and folders that are dropped onto what is in it. */
export function UploadArea({ children }: UploadTarget & { readonly children: ReactNode }) {
  return children;
}
