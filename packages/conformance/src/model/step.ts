import type { Content } from './content.ts';
import type { Expectation } from './expectation.ts';

/** JSON in which each text is a template. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
/** Header names and templates of their values. */
export type Headers = Readonly<Record<string, string>>;

/**
 * What all steps have. In texts, `{{up.json.fileId}}`, `{{up.header.etag}}` and `{{up.xml.UploadId}}` are values of the
 * answer to the step named `up`; `scope.ts` lists what else there is.
 */
interface AnyStep {
  /** By which later steps name the answer. */
  readonly name?: string;
  /** Success, if left out. */
  readonly expect?: Expectation;
  /** Why the step is there, where that is not plain. */
  readonly why?: string;
}

/** Makes a bucket that is this case's own: `{{NAME.bucket}}`, and with B2 `{{NAME.id}}`. */
export interface BucketStep extends AnyStep {
  readonly do: 'bucket';
  readonly name: string;
  /** Further fields of `b2_create_bucket`. */
  readonly settings?: { readonly [name: string]: Json };
}

/** Makes an application key and a session with it, for `as` in later steps. */
export interface B2KeyStep extends AnyStep {
  readonly do: 'b2-key';
  readonly name: string;
  readonly capabilities: readonly string[];
}

/** A JSON operation. */
export interface B2CallStep extends AnyStep {
  readonly do: 'b2-call';
  readonly operation: string;
  readonly body: { readonly [name: string]: Json };
  readonly as?: string;
}

/** `b2_get_upload_url`, then `b2_upload_file`, whose answer it is. */
export interface B2UploadStep extends AnyStep {
  readonly do: 'b2-upload';
  /** Below this case's folder. */
  readonly file: string;
  readonly content: Content;
  readonly headers?: Headers;
  /** Id of the bucket; the run's bucket if left out. */
  readonly bucket?: string;
}

/** `b2_get_upload_part_url`, then `b2_upload_part`, whose answer it is. */
export interface B2PartStep extends AnyStep {
  readonly do: 'b2-part';
  readonly fileId: string;
  readonly number: number;
  readonly content: Content;
  readonly headers?: Headers;
}

/** A download by id or by name, or `b2_download_file_by_id` as a POST with JSON. */
export interface B2DownloadStep extends AnyStep {
  readonly do: 'b2-download';
  readonly method?: 'GET' | 'HEAD';
  readonly from:
    | { readonly fileId: string }
    /** Below this case's folder, in a bucket named by its name. */
    | { readonly file: string; readonly bucket?: string }
    | { readonly json: { readonly [name: string]: Json } };
  readonly headers?: Headers;
  readonly as?: string;
}

/** A request of S3, signed in its headers or in its query. */
export interface S3Step extends AnyStep {
  readonly do: 's3';
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The run's bucket if left out. */
  readonly bucket?: string;
  /** Below this case's folder; left out for the bucket itself. */
  readonly key?: string;
  readonly query?: Headers;
  readonly headers?: Headers;
  readonly content?: Content;
  readonly presigned?: boolean;
}

export type Step = BucketStep | B2KeyStep | B2CallStep | B2UploadStep | B2PartStep | B2DownloadStep | S3Step;
