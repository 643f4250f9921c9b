import {
  extensionRoot,
  isOperationName,
  operations,
  parseApiVersion,
  type ApiVersion,
  type ExtensionName,
  type OperationName,
} from '@coffer/b2-schema';
import { splitTarget } from '@coffer/http';
import { B2Error, notFound } from '../errors/b2-error.ts';
import type { B2Extension, ExtensionOperation } from '../extension.ts';

/** What a request's target names. */
export type Route = B2Route | ExtensionRoute;

/** An operation of B2. */
export interface B2Route extends Place {
  readonly operation: OperationName;
  readonly version: ApiVersion;
  readonly extension?: undefined;
}

/** An operation that is not part of B2. */
interface ExtensionRoute extends Place {
  readonly operation: ExtensionName;
  /** Values are as in B2's newest version; the operation itself has no versions. */
  readonly version: ApiVersion;
  readonly extension: ExtensionOperation;
}

interface Place {
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
 * id or the large file's id, `/file/<bucket>/<name>`, or, for an operation of `extension`, `/cofferapi/v1/<operation>`.
 *
 * @throws B2Error `not_found`.
 */
export function routeOf(target: string, extension?: B2Extension): Route {
  const { path, query } = splitTarget(target);
  if (path.startsWith(extensionRoot)) return extensionRoute(extension, path.slice(extensionRoot.length), query);
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

function extensionRoute(extension: B2Extension | undefined, name: string, query: string | undefined): ExtensionRoute {
  const named = extension?.get(name);
  if (named === undefined) throw unknownPath();
  const { name: operation } = named.row;
  return { operation, version: 'v4', query, uploadTarget: undefined, downloadPath: undefined, extension: named };
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
export function methodsOf(route: Route): readonly string[] {
  return route.extension === undefined ? operations[route.operation].methods : route.extension.row.methods;
}

/** @throws B2Error `method_not_allowed`. */
export function checkMethod(route: Route, method: string): void {
  const methods = methodsOf(route);
  if (methods.includes(method)) return;
  throw new B2Error('method_not_allowed', `The method must be ${methods.join(' or ')}`, {
    headers: [['Allow', methods.join(', ')]],
  });
}
