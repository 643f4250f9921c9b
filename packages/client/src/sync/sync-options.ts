import type { BucketId } from '@coffer/b2-schema';
import type { Api } from '../calls/api-types.ts';
import type { CallOptions } from '../calls/call-context.ts';
import { ClientError } from '../errors/client-error.ts';
import type { Download, DownloadOptions } from '../files/download.ts';
import type { FilesContext } from '../files/files-context.ts';
import type { StoredFile } from '../files/finish-large-file.ts';
import type { listFileNames } from '../files/listings.ts';
import type { UploadOptions } from '../files/upload.ts';
import { isTemporary } from './local-name.ts';

type WithoutContext<Function> = Function extends (context: FilesContext, ...given: infer Given) => infer Result
  ? (...given: Given) => Result
  : never;

/** What of a client is used: any `Client` has it. */
export interface SyncClient {
  readonly api: Pick<Api, 'hideFile'>;
  readonly list: { readonly fileNames: WithoutContext<typeof listFileNames> };
  readonly upload: (options: UploadOptions) => Promise<StoredFile>;
  readonly download: (options: DownloadOptions) => Promise<Download>;
}

/** One thing that is, or would be, done. Names are relative to the directory and to the prefix, with `/`. */
export type SyncAction =
  | {
      readonly kind: 'upload' | 'download';
      readonly name: string;
      /** Bytes. */
      readonly size: number;
    }
  | { readonly kind: 'hide' | 'delete'; readonly name: string }
  | { readonly kind: 'refuse'; readonly name: string; readonly reason: string }
  /** With `continueOnError`: what was to be done to this name, and why it was not. */
  | { readonly kind: 'fail'; readonly name: string; readonly error: unknown };

/** What a synchronization in either direction takes. */
export interface SyncOptions extends CallOptions {
  /** The directory on this machine. */
  readonly directory: string;
  readonly bucketId: BucketId;
  /** Put before the names of the directory; ends in `/`, unless it is empty. Default: nothing. */
  readonly prefix?: string | undefined;
  /** Names for which it is false are left alone on both sides. Default: all are included. */
  readonly include?: ((name: string) => boolean) | undefined;
  /** Names for which it is true are left alone on both sides, also if they are included. Default: none. */
  readonly exclude?: ((name: string) => boolean) | undefined;
  /**
   * Remove what only the target has: in the bucket it is hidden, so that its versions remain; in the directory it is
   * deleted. Default: false.
   */
  readonly deleteExtraneous?: boolean | undefined;
  /**
   * Whether `deleteExtraneous` may remove all files if the source has none, or none that can be transferred: more
   * often than to be empty, it is another one than was meant. Default: false, which is an error then.
   */
  readonly allowEmptySource?: boolean | undefined;
  /**
   * Whether the others are done if one file fails, which is told as `fail`; what only the target has is then left
   * alone. Default: false, so that the first error ends all.
   */
  readonly continueOnError?: boolean | undefined;
  /** Only tell what would be done. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** How many files are transferred at a time. Default: 4. */
  readonly parallel?: number | undefined;
  /** Called when an action has been done, or has failed, and at once for each name that is refused. */
  readonly onAction?: ((action: SyncAction) => void) | undefined;
  /** Called as bytes are transferred. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/** How far a synchronization is. */
export interface SyncProgress {
  readonly bytes: number;
  /** Of all files that are transferred. */
  readonly totalBytes: number;
}

/** The file info entry with a file's time of modification, in milliseconds since the epoch (B2 docs "Files"). */
export const modifiedInfo = 'src_last_modified_millis';

/** Whether a name takes part. Those of incomplete files do not, on either side. */
export function takesPart({ include, exclude }: Pick<SyncOptions, 'include' | 'exclude'>, name: string): boolean {
  return !isTemporary(name) && (include?.(name) ?? true) && !(exclude?.(name) ?? false);
}

/** Throws if the prefix would cut names in two: `backup` is also the beginning of `backup-2025/x`. */
export function checkPrefix({ prefix = '' }: SyncOptions): void {
  if (prefix === '' || prefix.endsWith('/')) return;
  throw new ClientError('invalid_request', 'The prefix must end in a slash', { field: 'prefix' });
}

/** Throws if all files of the target would be removed because the source seems to be empty. */
export function checkSource({ allowEmptySource = false }: SyncOptions, transferable: number, surplus: number): void {
  if (allowEmptySource || transferable > 0 || surplus === 0) return;
  const message = `The source has no files, and all ${surplus} of the target would be removed`;
  throw new ClientError('invalid_request', message, { field: 'allowEmptySource' });
}
