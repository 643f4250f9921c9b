import type { BucketId, FileId } from '@coffer/b2-schema';
import type { DescribedError } from '../ui/describe-error.ts';

/** How the worker encrypts a file. The key is a copy for the worker, which wipes it. */
export type UploadEncryption =
  | { readonly mode: 'default' }
  | { readonly mode: 'SSE-B2' }
  | { readonly mode: 'SSE-C'; readonly keyId: string; readonly key: Uint8Array<ArrayBuffer> };

/** What the worker uploads. */
export interface UploadOrder {
  /** Of the transfer; unique in the worker. */
  readonly id: number;
  readonly file: File;
  readonly bucketId: BucketId;
  readonly fileName: string;
  readonly encryption: UploadEncryption;
  /** Whether parts that were sent in an earlier session may be used, and are kept if it fails. */
  readonly isResumable: boolean;
  /** The large file that an earlier attempt of the same upload has begun. */
  readonly begunFile: FileId | undefined;
}

/** What the page says to the worker. */
export type ToWorker =
  | {
      readonly kind: 'open';
      readonly keyId: string;
      /** The application key in UTF-8, a copy for the worker, which wipes it. */
      readonly key: Uint8Array<ArrayBuffer>;
      readonly origin: string;
      readonly isSecure: boolean;
    }
  | ({ readonly kind: 'upload' } & UploadOrder)
  | { readonly kind: 'pause' | 'resume' | 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** What the worker says to the page. */
export type FromWorker =
  /** Its checksum is computed; `bytes` have been read. */
  | { readonly kind: 'checking'; readonly id: number; readonly bytes: number }
  /** `bytes` of it are on the server or on their way; `sent` went over the network since the last message. */
  | { readonly kind: 'progress'; readonly id: number; readonly bytes: number; readonly sent: number }
  /** Its parts go into this large file, of which the server has some already. `isOwn`: this upload has begun it. */
  | {
      readonly kind: 'large';
      readonly id: number;
      readonly fileId: FileId;
      readonly isOwn: boolean;
      readonly parts: number;
    }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: DescribedError }
  /** It has ended. What it has begun itself is removed from the server, unless that could not be done. */
  | { readonly kind: 'cancelled'; readonly id: number };
