import type {
  ApiVersion,
  BucketId,
  ExtensionRow,
  FieldsOf,
  FileId,
  OperationName,
  OperationNameOf,
  Operations,
  ParsedResponseOf,
  RequestOf,
} from '@coffer/b2-schema';
import type { UploadBody } from '../sources/upload-source.ts';
import type { CallOptions } from './call-context.ts';
import type { DownloadAnswer, DownloadCallOptions } from './download-call.ts';

type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Text;

/** The method of an operation: `listFileNames` of `b2_list_file_names`. */
export type MethodName<Name extends OperationName> = Name extends `b2_${infer Rest}` ? CamelCase<Rest> : never;

type Simplify<T> = { [Key in keyof T]: T[Key] };
type Optional<T, Keys extends PropertyKey> = Omit<T, Keys> & { readonly [Key in Extract<keyof T, Keys>]?: T[Key] };

/** The fields of a JSON operation. `accountId` is that of the client's key unless it is given. */
export type JsonFields<Name extends OperationNameOf<'json'>, Version extends ApiVersion> = Simplify<
  Optional<FieldsOf<Operations[Name], Version>, 'accountId'>
>;

/** The fields of an operation that is not part of B2. `accountId` is that of the client's key unless it is given. */
export type ExtensionFields<Row extends ExtensionRow> = Simplify<Optional<FieldsOf<Row>, 'accountId'>>;

/** The fields of a download. */
export type DownloadFields<Name extends OperationNameOf<'download'>> = Simplify<FieldsOf<Operations[Name]>>;

/**
 * What an upload needs: the body, where it goes, and the values of its headers. The SHA-1 is computed unless it is
 * given, and the content type is derived from the name by the server unless it is given.
 */
export type UploadFields<Name extends OperationNameOf<'upload'>> = Simplify<
  Optional<RequestOf<Name>, 'contentSha1' | 'contentType' | 'fileInfo'> &
    UploadTarget<Name> & { readonly body: UploadBody }
>;

type UploadTarget<Name extends OperationNameOf<'upload'>> = Operations[Name]['authorization'] extends {
  by: 'uploadToken';
}
  ? { readonly bucketId: BucketId }
  : { readonly fileId: FileId };

export type Arguments<Fields, Options> =
  Partial<Fields> extends Fields ? [fields?: Fields, options?: Options] : [fields: Fields, options?: Options];

/** The method of an operation in a version. */
export type Method<Name extends OperationName, Version extends ApiVersion> =
  Name extends OperationNameOf<'json'>
    ? (...given: Arguments<JsonFields<Name, Version>, CallOptions>) => Promise<ParsedResponseOf<Name, Version>>
    : Name extends OperationNameOf<'upload'>
      ? (fields: UploadFields<Name>, options?: CallOptions) => Promise<ParsedResponseOf<Name, Version>>
      : Name extends OperationNameOf<'download'>
        ? (fields: DownloadFields<Name>, options?: DownloadCallOptions) => Promise<DownloadAnswer>
        : never;

/**
 * A method for each operation of the B2 Native API. What it resolves to is what the operation's page in the B2 docs
 * says, with secrets as `SecretString`.
 *
 * @throws ClientError and, if the call was aborted, the signal's reason.
 */
export type Api<Version extends ApiVersion = 'v4'> = {
  readonly [Name in OperationName as MethodName<Name>]: Method<Name, Version>;
};
