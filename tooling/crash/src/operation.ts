import type { Content } from './content.ts';
import type { Encryption } from './encryption.ts';

/** A part of a list with which S3 completes an upload. */
export interface ListedPart {
  readonly number: number;
  /** With its quotes. */
  readonly etag: string;
}

/** What the server may be asked for, over B2 unless it says S3; enough to tell whether it happened. */
export type Operation = { readonly by?: 'S3' } & Request;

type Request =
  | {
      readonly do: 'upload' | 'copy' | 'start';
      readonly name: string;
      readonly encryption: Encryption;
      readonly content: Content;
    }
  | { readonly do: 'part' | 'copy part'; readonly fileId: string; readonly number: number; readonly content: Content }
  | {
      readonly do: 'finish';
      readonly fileId: string;
      readonly content: Content;
      /** What S3 completes the upload with, and can complete it with again. */
      readonly list?: readonly ListedPart[];
    }
  | { readonly do: 'hide'; readonly name: string }
  | { readonly do: 'delete' | 'cancel'; readonly fileId: string }
  | { readonly do: 'create key' | 'create bucket'; readonly name: string }
  | { readonly do: 'update bucket'; readonly id: string; readonly note: string }
  | { readonly do: 'delete key' | 'delete bucket'; readonly id: string };

/** How reports name an operation. */
export function kindOf({ by, do: what }: Operation): string {
  return by === undefined ? what : `${by} ${what}`;
}
