import type { HeaderList, HttpRequest, HttpResponse } from '@coffer/http';
import type {
  DocumentOf,
  QueryParameters,
  S3Operations,
  S3Request,
  SupportedName,
  SupportedRow,
} from '@coffer/s3-schema';
import type { Verifier } from '@coffer/sigv4';
import type { AccountStorage, Grant } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import type { KeySecret } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { RequestBody } from '../body/request-body.ts';
import type { S3Options } from '../options.ts';
import type { RequestRecord } from '../request/request-record.ts';

type DocumentIn<Name extends SupportedName> = S3Operations[Name]['body'] extends { readonly isRequired: true }
  ? DocumentOf<Name>
  : DocumentOf<Name> | undefined;

/** What every handler gets: a request that was authenticated, read and authorised. */
export interface CommonCall<Name extends SupportedName> {
  readonly options: S3Options;
  /** Of the caller's account, where there is a caller; other accounts' buckets and files are missing there. */
  readonly storage: AccountStorage;
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  readonly row: SupportedRow;
  /** What query and headers say. Customer keys in it are wiped when the handler has ended. */
  readonly input: S3Request<Name>;
  /** The header lines, and what a presigned URL has in their place. */
  readonly headers: HeaderList;
  /** The query as it came. */
  readonly query: QueryParameters;
  /** What the document in the body says; undefined where there is none and none is needed. */
  readonly document: DocumentIn<Name>;
  /** The data in the body, for the operations that have some. */
  readonly body: RequestBody;
  readonly caller: Caller;
  /** Whether the connection keeps a customer key secret. */
  readonly isSecure: boolean;
}

/** A request for the account, or for a bucket that is to be made. */
export interface AccountCall<Name extends SupportedName> extends CommonCall<Name> {
  readonly grant: Grant;
  /** Empty for the account itself. */
  readonly bucketName: string;
}

/** A request about a bucket that there is. */
export interface BucketCall<Name extends SupportedName> extends CommonCall<Name> {
  readonly grant: Grant;
  readonly bucket: BucketRecord;
}

/** A request about an object of a bucket that there is. */
export interface ObjectCall<Name extends SupportedName> extends BucketCall<Name> {
  readonly key: string;
}

/** A read, which may come from somebody without a key. */
export interface ReadCall<Name extends SupportedName> extends Omit<ObjectCall<Name>, 'grant'> {
  readonly grant: Grant | undefined;
}

/** The form of a browser. What proves that it may be sent may stand in the form, so no key is known yet. */
export interface FormCall extends CommonCall<'PostObject'> {
  readonly verifier: Verifier<KeySecret>;
  readonly bucketName: string;
}

type Answer<Call> = (call: Call) => Promise<HttpResponse>;

/** The handler of an operation, by what the operation is about. */
export type Handler<Name extends SupportedName> = Name extends 'ListBuckets' | 'CreateBucket'
  ? Answer<AccountCall<Name>>
  : Name extends 'GetObject' | 'HeadObject'
    ? Answer<ReadCall<Name>>
    : Name extends 'PostObject'
      ? Answer<FormCall>
      : Name extends BucketLevel
        ? Answer<BucketCall<Name>>
        : Answer<ObjectCall<Name>>;

type BucketLevel = {
  [Name in SupportedName]: S3Operations[Name]['level'] extends 'bucket' ? Name : never;
}[SupportedName];
