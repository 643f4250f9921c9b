import { isOperationName, operations, parseApiVersion, type ApiVersion, type OperationName } from '@coffer/b2-schema';
import { splitTarget } from '@coffer/http';
import { B2Error, notFound } from '../errors/b2-error.ts';

/** What a request's target names. */
export interface Route {
  readonly operation: OperationName;
  readonly version: ApiVersion;
  /** The raw query. */
  readonly query: string | undefined;
  /** In an upload URL: the bucket id, or the large file's id. */
  readonly uploadTarget: string | undefined;
  /** In a download URL: bucket and file name, still percent-encoded. */
  readonly downloadPath: string | undefined;
}

const apiRoot = '/b2api/';
const downloadRoot = '/file/';
const uploadOperations: ReadonlySet<string> = new Set(
  Object.values(operations).flatMap((row) => (row.kind === 'upload' ? [row.name] : [])),
);

/**
 * The operation that a request's target names: `/b2api/vN/<operation>`, an upload URL, which continues with the bucket
 * id or the large file's id, or `/file/<bucket>/<name>`.
 *
 * @throws B2Error `not_found`.
 */
export function routeOf(target: string): Route {
  const { path, query } = splitTarget(target);
  if (path.startsWith(downloadRoot)) {
    const downloadPath = path.slice(downloadRoot.length);
    return { operation: 'b2_download_file_by_name', version: 'v4', query, uploadTarget: undefined, downloadPath };
  }
  if (!path.startsWith(apiRoot)) throw unknownPath();
  const [versionText = '', operation = '', ...rest] = path.slice(apiRoot.length).split('/');
  const version = parseApiVersion(versionText);
  if (version === undefined || !isOperationName(operation)) throw unknownPath();
  const versions: readonly ApiVersion[] = operations[operation].versions;
  if (!versions.includes(version)) throw unknownPath();
  const uploadTarget = uploadTargetOf(operation, rest);
  return { operation, version, query, uploadTarget, downloadPath: undefined };
}

function uploadTargetOf(operation: OperationName, rest: readonly string[]): string | undefined {
  const [target, pod, ...surplus] = rest;
  if (!uploadOperations.has(operation)) {
    if (target !== undefined) throw unknownPath();
    return undefined;
  }
  if (target === undefined || pod === undefined || surplus.length > 0) throw unknownPath();
  return target;
}

function unknownPath(): B2Error {
  return notFound('There is no such operation');
}

/** The methods that the route's operation takes at this URL. */
export function methodsOf({ operation }: Route): readonly string[] {
  return operations[operation].methods;
}

/** @throws B2Error `method_not_allowed`. */
export function checkMethod(route: Route, method: string): void {
  const methods = methodsOf(route);
  if (methods.includes(method)) return;
  throw new B2Error('method_not_allowed', `The method must be ${methods.join(' or ')}`, {
    headers: [['Allow', methods.join(', ')]],
  });
}
