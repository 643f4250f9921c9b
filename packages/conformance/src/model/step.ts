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
  /** Seconds to wait before it. */
  readonly afterSeconds?: number;
}

/** Makes a bucket that is this case's own: `{{NAME.bucket}}`, and with B2 `{{NAME.id}}`. */
export interface BucketStep extends AnyStep {
  readonly do: 'bucket';
  readonly name: string;
  /** Further fields of `b2_create_bucket`. */
  readonly settings?: { readonly [name: string]: Json };
  /** Further headers of CreateBucket. */
  readonly headers?: Headers;
}

/** Makes an application key and a session with it, for `as` in later steps. */
export interface B2KeyStep extends AnyStep {
  readonly do: 'b2-key';
  readonly name: string;
  readonly capabilities: readonly string[];
  /** Further fields of `b2_create_key`. */
  readonly settings?: { readonly [name: string]: Json };
}

/** A JSON operation. */
export interface B2CallStep extends AnyStep {
  readonly do: 'b2-call';
  readonly operation: string;
  readonly body: { readonly [name: string]: Json };
  readonly as?: string;
  /** Instead of the session's token; null for none at all. */
  readonly token?: string | null;
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
  readonly as?: string;
  /** An upload URL and its token, if no new one is to be asked for. */
  readonly to?: UploadAddress;
}

/** Templates: mostly of the answer to `b2_get_upload_url` or `b2_get_upload_part_url`. */
export interface UploadAddress {
  readonly url: string;
  readonly token: string;
}

/** `b2_get_upload_part_url`, then `b2_upload_part`, whose answer it is. */
export interface B2PartStep extends AnyStep {
  readonly do: 'b2-part';
  readonly fileId: string;
  readonly number: number;
  readonly content: Content;
  readonly headers?: Headers;
  /** An upload URL and its token, if no new one is to be asked for. */
  readonly to?: UploadAddress;
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
  readonly query?: Headers;
  readonly headers?: Headers;
  readonly as?: string;
  /** Instead of the session's token; null for none at all. */
  readonly token?: string | null;
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
  /** The bucket is named by the host instead of the path. */
  readonly virtualHost?: boolean;
  /** The content goes in aws-chunked frames. */
  readonly chunked?: AwsChunked;
  /** What is wrong with the signature: an hour too old, another digit, or none at all. */
  readonly wrong?: 'expired' | 'signature' | 'unsigned';
}

/** How a body is framed. */
export interface AwsChunked {
  readonly signed: boolean;
  /** Bytes; 8,192 at least, but for the last chunk. */
  readonly chunkSize: number;
  /** Name in lower case and template of the value. */
  readonly trailer?: readonly [name: string, value: string];
  /** What of the frames is replaced after they were signed, the first time that it occurs. */
  readonly replace?: readonly [text: string, by: string];
}

/** A form of a browser, with a signed policy. */
export interface S3FormStep extends AnyStep {
  readonly do: 's3-form';
  /** Below this case's folder. */
  readonly key: string;
  readonly content: Content;
  /** Fields beside those of key, policy and signature. */
  readonly fields?: Headers;
  /** The names of those that the policy allows; all if left out. */
  readonly allowed?: readonly string[];
}

/**
 * A request that is made and signed like any other, then changed, and sent byte by byte as it is: what a library for
 * HTTP would refuse or repair. An upload gets its URL in the ordinary way.
 */
export interface RawStep extends AnyStep {
  readonly do: 'raw';
  readonly request: B2CallStep | B2UploadStep | B2PartStep | B2DownloadStep | S3Step;
  /** The first line; `{{method}}` and `{{target}}` are those of the request, and it is `… HTTP/1.1` if left out. */
  readonly requestLine?: string;
  /** Headers of the request that are not sent, in lower case. */
  readonly without?: readonly string[];
  /** Lines behind its headers. `{{sent.NAME}}` is the value of a header of the request, by its name in lower case, and
   * `{{letters.N}}` are so many letters. */
  readonly lines?: readonly string[];
  /** What ends lines; CR LF if left out. */
  readonly lineEnd?: string;
  /** Sent instead of the content. */
  readonly body?: Content;
  /** Only so many bytes of the body are sent, and the connection is closed behind them. */
  readonly closedAfter?: number;
}

export type Step =
  BucketStep | B2KeyStep | B2CallStep | B2UploadStep | B2PartStep | B2DownloadStep | S3Step | S3FormStep | RawStep;
