import type { HeaderList } from '@coffer/http';
import type { OperationRow } from '../requests/operation-row.ts';
import type { QueryParameters } from '../requests/query-parameters.ts';
import type { Reader } from '../requests/wire-fields.ts';
import { bucketSettingOperations } from './bucket-settings.ts';
import { bucketOperations } from './buckets.ts';
import { listOperations } from './lists.ts';
import { multipartOperations } from './multipart.ts';
import { objectSettingOperations } from './object-settings.ts';
import { objectOperations } from './objects.ts';
import { refusedOperations } from './refused.ts';
import { serviceOperations } from './service.ts';

/** The operations that are performed. */
export const supportedOperations = {
  ...serviceOperations,
  ...bucketOperations,
  ...bucketSettingOperations,
  ...listOperations,
  ...objectOperations,
  ...objectSettingOperations,
  ...multipartOperations,
} as const;

/** Every operation of the S3 API, one row each, those that are not performed included. */
export const s3Operations = { ...supportedOperations, ...refusedOperations } as const satisfies Record<
  string,
  OperationRow
>;

/** The type of the table, each row with its own literal types. */
export type S3Operations = typeof s3Operations;
/** The name of an operation, such as `PutObject`. */
export type S3OperationName = keyof S3Operations;
/** The name of an operation that is performed. */
export type SupportedName = keyof typeof supportedOperations;

/** All names, in the order of the table. */
export const s3OperationNames = Object.keys(s3Operations) as [S3OperationName, ...S3OperationName[]];

/** Whether the operation is one that is performed. */
export function isSupportedName(name: string): name is SupportedName {
  return Object.hasOwn(supportedOperations, name);
}

/** What the query of an operation says, as its handler gets it. */
export type QueryOf<Name extends SupportedName> = QueryOfRow<S3Operations[Name]>;
type QueryOfRow<Row> = Row extends { readonly query: Reader<infer T, QueryParameters> } ? T : never;

/** What the headers of an operation say, as its handler gets it. */
export type HeadersOf<Name extends SupportedName> = HeadersOfRow<S3Operations[Name]>;
type HeadersOfRow<Row> = Row extends { readonly headers: Reader<infer T, HeaderList> } ? T : never;

/** What the document in the body of an operation says; undefined where there is none. */
export type DocumentOf<Name extends SupportedName> = DocumentOfRow<S3Operations[Name]>;
type DocumentOfRow<Row> = Row extends { readonly body: { readonly read: (...root: never) => infer T } } ? T : undefined;

/** What an operation prints its document from; undefined where there is none. */
export type ResultOf<Name extends SupportedName> = ResultOfRow<S3Operations[Name]>;
type ResultOfRow<Row> = Row extends {
  readonly answer: { readonly body: { readonly print: (...result: infer T) => unknown } };
}
  ? T
  : undefined;
