import type { HeaderList } from '@coffer/http';
import type { Level, OperationRow, Selector } from '../requests/operation-row.ts';
import type { QueryParameters } from '../requests/query-parameters.ts';
import { invalidArgument, S3Error } from '../values/s3-error.ts';
import { s3Operations, s3OperationNames, type S3OperationName } from './operations.ts';
import { routes } from './routes.ts';

/** What decides about the operation. */
export interface SelectionInput {
  readonly method: string;
  /** Undefined where the request names no bucket. */
  readonly bucket: string | undefined;
  /** Undefined where the request names no object. */
  readonly key: string | undefined;
  readonly query: QueryParameters;
  readonly headers: HeaderList;
}

/** What a request asks for: an operation, permission to ask from another origin, or nothing that there is. */
export type Selection =
  | { readonly kind: 'operation'; readonly name: S3OperationName }
  | { readonly kind: 'preflight' }
  | { readonly kind: 'refused'; readonly error: S3Error };

const anyRoutes: Readonly<Record<Level, Readonly<Partial<Record<string, readonly S3OperationName[]>>>>> = routes;

/** Names of the query that stand for an operation of the level, whatever its method. */
const subResources: Readonly<Record<Level, ReadonlySet<string>>> = {
  service: subResourcesOf('service'),
  bucket: subResourcesOf('bucket'),
  object: subResourcesOf('object'),
};

function subResourcesOf(level: Level): ReadonlySet<string> {
  return new Set(s3OperationNames.flatMap((name) => namesOf(s3Operations[name], level)));
}

function namesOf(row: OperationRow, level: Level): readonly string[] {
  // The number of a part is also a parameter of reads.
  return row.level === level ? (row.selectedBy.query ?? []).filter((name) => name !== 'partNumber') : [];
}

/**
 * Finds the operation of a request; total, and driven by the rows and the order of `routes`. A name of a sub-resource
 * counts with any value or none. One that has no operation with this method never falls back to the plain operation, so
 * that a mistaken `DELETE ?acl` deletes nothing.
 *
 * @example
 * ```ts
 * const request = { method: 'GET', bucket: 'photos', key: undefined, headers: new HeaderList([]) };
 * const selection = selectOperation({ ...request, query: QueryParameters.parse('acl=null') });
 * assert.deepEqual(selection, { kind: 'operation', name: 'GetBucketAcl' });
 * ```
 */
export function selectOperation(input: SelectionInput): Selection {
  if (input.method === 'OPTIONS') return { kind: 'preflight' };
  const level = levelOf(input);
  const candidates = Object.hasOwn(anyRoutes[level], input.method) ? anyRoutes[level][input.method] : undefined;
  const name = candidates?.find((candidate) => fits(s3Operations[candidate].selectedBy, input));
  if (name === undefined) return refusal(level, input.method);
  if (!isPlain(name) || input.method === 'HEAD') return { kind: 'operation', name };
  if (input.query.pairs.some(([parameter]) => subResources[level].has(parameter))) return refusal(level, input.method);
  if (level === 'object' && input.method === 'PUT' && input.query.has('partNumber')) {
    const message = 'This operation does not accept partNumber without uploadId';
    return { kind: 'refused', error: invalidArgument('partNumber', message) };
  }
  return { kind: 'operation', name };
}

function levelOf({ bucket, key }: SelectionInput): Level {
  if (bucket === undefined) return 'service';
  return key === undefined ? 'bucket' : 'object';
}

function fits({ query = [], queryValue, header }: Selector, request: SelectionInput): boolean {
  return (
    query.every((name) => request.query.has(name)) &&
    (queryValue === undefined || request.query.get(queryValue[0]) === queryValue[1]) &&
    (header === undefined || request.headers.has(header))
  );
}

/** Whether no query name led to the operation. */
function isPlain(name: S3OperationName): boolean {
  const selector: Selector = s3Operations[name].selectedBy;
  return selector.query === undefined;
}

function refusal(level: Level, method: string): Selection {
  const allowed: readonly string[] = [...Object.keys(routes[level]), 'OPTIONS'];
  const error = new S3Error('MethodNotAllowed', {
    details: { Method: method, ResourceType: level.toUpperCase() },
    headers: [['Allow', allowed.join(', ')]],
  });
  return { kind: 'refused', error };
}

/** The error that a row stands for that is not performed. */
export function refusedOperation(row: Extract<OperationRow, { isSupported: false }>, bucket: string): S3Error {
  if (row.error !== 'NotImplemented') return new S3Error(row.error, { details: { BucketName: bucket } });
  return new S3Error('NotImplemented', { message: 'This operation is not implemented.' });
}
