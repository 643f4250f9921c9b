import type { ApiVersion, OperationName, OperationNameOf, RequestOf, ResponseOf } from '@coffer/b2-schema';
import type { SizedStream } from '@coffer/bytes';
import type { HttpRequest, HttpResponse } from '@coffer/http';
import type { AccountStorage, Grant } from '@coffer/storage-core';
import type { Reader } from '../download/reader.ts';
import type { B2Options } from '../options.ts';
import type { Printable } from '../request/printed-rows.ts';
import type { RequestRecord } from '../request/request-record.ts';

/** What every handler gets beside the values of the request. */
interface CommonCall {
  readonly options: B2Options;
  /** The storage as the caller's account sees it; for downloads, which may be public, that of all accounts. */
  readonly storage: AccountStorage;
  readonly request: HttpRequest;
  readonly version: ApiVersion;
  readonly record: RequestRecord;
}

/** A call whose caller is authenticated, has the operation's capability and may access what the call is about. */
export interface Call extends CommonCall {
  readonly grant: Grant;
}

/** A call to an upload URL. */
export interface UploadCall extends Call {
  /** The bucket id, or the large file's id, that the URL and the token are for. */
  readonly target: string;
  readonly body: SizedStream;
}

/** A download: the handler finds the file and asks whether the reader may have it. */
export interface DownloadCall extends CommonCall {
  readonly reader: Reader;
}

export type JsonHandler<Name extends OperationNameOf<'json'>> = (
  input: RequestOf<Name>,
  call: Call,
) => Promise<Printable<ResponseOf<Name, ApiVersion>>>;

export type UploadHandler<Name extends OperationNameOf<'upload'>> = (
  input: RequestOf<Name>,
  call: UploadCall,
) => Promise<ResponseOf<Name, ApiVersion>>;

export type DownloadHandler<Name extends OperationNameOf<'download'>> = (
  input: RequestOf<Name>,
  call: DownloadCall,
) => Promise<HttpResponse>;

/** The handler of an operation, by the kind of its row. */
export type Handler<Name extends OperationName> =
  Name extends OperationNameOf<'json'>
    ? JsonHandler<Name>
    : Name extends OperationNameOf<'upload'>
      ? UploadHandler<Name>
      : Name extends OperationNameOf<'download'>
        ? DownloadHandler<Name>
        : never;
