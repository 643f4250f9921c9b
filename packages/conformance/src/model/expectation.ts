import type { Content, Size } from './content.ts';

/** What a header, or a field of a document, has to be. Texts are templates. */
export type Value =
  | string
  | number
  | boolean
  | null
  /** It must not be there. */
  | { readonly absent: true }
  /** A regular expression that all of it has to match. */
  | { readonly shape: string }
  /** Any of these. */
  | { readonly oneOf: readonly (string | number | null)[] }
  /** There, and not this. */
  | { readonly not: string };

/** A body: all of a content, or its bytes from `from` to `to`, the last one included. */
export interface ExpectedBody {
  readonly content: Content;
  readonly from?: Size;
  readonly to?: Size;
}

/** What an answer has to be. What is not mentioned is not looked at. */
export interface Expectation {
  /** One status, or all those that are documented somewhere. Any success if left out. */
  readonly status?: number | readonly number[];
  /** The connection may be closed without an answer instead; then nothing else is looked at. Only of a `raw` step. */
  readonly orClosed?: true;
  /** The error's code: `code` of B2's JSON, `Code` of S3's XML. */
  readonly code?: string | readonly string[];
  /** By names in lower case. */
  readonly headers?: Readonly<Record<string, Value>>;
  /** By path, such as `files.0.serverSideEncryption.mode`. */
  readonly json?: Readonly<Record<string, Value>>;
  /** By path below the root, such as `Rule.ApplyServerSideEncryptionByDefault`. */
  readonly xml?: Readonly<Record<string, Value>>;
  /** Of a success; an error that is expected as well has another. */
  readonly body?: ExpectedBody;
}

/** For what must not be there. */
export const absent = { absent: true } as const;
