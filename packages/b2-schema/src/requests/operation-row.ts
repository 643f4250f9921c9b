import type * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import type { Capability } from '../values/capability.ts';
import type { B2ErrorCode } from '../values/error-codes.ts';
import type { HeaderRequest } from './header-request.ts';

/**
 * How a caller proves who they are. Required, and without a default: an operation that forgets it does not compile.
 *
 * - `basic`: application key id and key, as HTTP Basic.
 * - `account`: an account token of a key with the capability; a key without it is answered `unauthorized`, unless the
 *   row names another code.
 * - `uploadToken`, `partToken`: the token that came with the upload URL; it contains what its key may do.
 * - `download`: nothing for a public bucket; else an account token with the capability, or, by name, a download token.
 */
export type Authorization =
  | { readonly by: 'basic' }
  | { readonly by: 'account'; readonly capability: Capability; readonly otherwise?: 'access_denied' }
  | { readonly by: 'uploadToken' }
  | { readonly by: 'partToken' }
  | { readonly by: 'download'; readonly capability: 'readFiles' };

/**
 * What has to lie within a key's restriction to buckets and to a name prefix. The members name fields of the request.
 *
 * - `account`: nothing.
 * - `bucket`: the bucket; the prefix does not matter, or a token passes it on.
 * - `wholeBucket`: the bucket with all its names: a key with a prefix may not do this.
 * - `rules`: the bucket and all its notification rules, the present ones and those to be set: they must be for names
 *   that begin with the key's prefix. The operation itself checks that, together with what it does.
 * - `prefix`: the bucket, and the prefix asked for, which must begin with the key's. If `filteredInV1`, v1 instead
 *   leaves out the rows that lie outside.
 * - `name`: the bucket, and the file name, which must begin with the key's prefix.
 * - `file`: bucket and name of the file with that id.
 * - `copy`: bucket and name of the source, and the destination. A source in a private bucket also needs
 *   `sourceCapability`.
 * - `listBuckets`: a restricted key must ask for one of its buckets; in v1 it need not, and gets only those.
 * - `token`: what the token was made for.
 * - `fileByName`: a bucket, by its name, and a file name.
 */
export type Scope =
  | { readonly on: 'account' }
  | { readonly on: 'bucket'; readonly field: string }
  | { readonly on: 'wholeBucket'; readonly field: string }
  | { readonly on: 'rules'; readonly bucket: string }
  | { readonly on: 'prefix'; readonly bucket: string; readonly prefix: string; readonly filteredInV1?: true }
  | { readonly on: 'name'; readonly bucket: string; readonly name: string }
  | { readonly on: 'file'; readonly field: string }
  | {
      readonly on: 'copy';
      readonly source: string;
      readonly sourceCapability: 'readFiles';
      readonly destination: CopyDestination;
    }
  | { readonly on: 'listBuckets'; readonly bucketId: string; readonly bucketName: string }
  | { readonly on: 'token' }
  | { readonly on: 'fileByName'; readonly bucketName: string; readonly name: string };

/** Where a copy goes: to a name in a bucket (absent: the source's), or into a large file. */
export type CopyDestination =
  | { readonly to: 'name'; readonly bucket: string; readonly name: string }
  | { readonly to: 'largeFile'; readonly field: string };

/** A capability that a request needs in addition if it has the field, unless the field has the value `unless`. */
export interface FieldCapability {
  readonly field: string;
  readonly capability: Capability;
  readonly unless?: boolean;
  /** What a caller without the capability is told; `unauthorized` by default. */
  readonly otherwise?: 'access_denied';
}

interface CommonRow {
  readonly name: `b2_${string}`;
  /** The name of the request's type in error messages. */
  readonly requestType: string;
  readonly versions: readonly ApiVersion[];
  readonly authorization: Authorization;
  readonly scope: Scope;
  readonly fieldCapabilities?: readonly FieldCapability[];
  readonly errors: readonly B2ErrorCode[];
}

/** JSON in, JSON out. The same fields may come as the query of a GET. */
export interface JsonRow extends CommonRow {
  readonly kind: 'json';
  readonly methods: readonly ['GET', 'POST'];
  /** From the JSON of the request to values. Strict: use `parseRequest`, which knows the service's messages. */
  readonly request: z.ZodObject;
  /** Fields whose empty value means something, so that an empty value in a query does not count as absent. */
  readonly emptyInQuery?: readonly string[];
  /** Fields that not all versions have. */
  readonly fieldVersions?: Readonly<Record<string, readonly ApiVersion[]>>;
  /** Other spellings of fields, which real clients send. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The request has no fields, and whatever is sent is ignored. */
  readonly ignoresBody?: true;
  /** The JSON of the response in the newest version. */
  readonly response: z.ZodType;
  /** The JSON of the response in the older versions that differ. */
  readonly olderResponses?: Readonly<Partial<Record<ApiVersion, z.ZodType>>>;
}

/** Headers and a body of bytes in, JSON out. */
export interface UploadRow extends CommonRow {
  readonly kind: 'upload';
  readonly methods: readonly ['POST'];
  readonly request: HeaderRequest<object>;
  readonly response: z.ZodType;
}

/** JSON, or a query, or a path in; headers and bytes out. */
export interface DownloadRow extends CommonRow {
  readonly kind: 'download';
  readonly methods: readonly ['GET', 'HEAD', 'POST'];
  readonly request: z.ZodObject;
  /** Values that the headers of the request add. */
  readonly headers: HeaderRequest<object>;
  /** Whether the token may be the query parameter `Authorization`. */
  readonly tokenInQuery: boolean;
}

/** One operation of the API. */
export type OperationRow = JsonRow | UploadRow | DownloadRow;

/** Methods of a JSON operation: the docs say on nearly every page that both are taken. */
export const jsonMethods = ['GET', 'POST'] as const;
export const uploadMethods = ['POST'] as const;
export const downloadMethods = ['GET', 'HEAD', 'POST'] as const;
