import type { ExtensionName, ExtensionRequestOf, ExtensionResponseOf, ExtensionRow } from '@coffer/b2-schema';
import type { HttpRequest } from '@coffer/http';
import type { AccountStorage, Grant } from '@coffer/storage-core';

/** What the handler of an operation that is not part of B2 gets beside the values of the request. */
export interface ExtensionCall {
  /** The caller, who is authenticated and has the capabilities that the row asks for. */
  readonly grant: Grant;
  /** The storage as the caller's account sees it. */
  readonly storage: AccountStorage;
  readonly request: HttpRequest;
}

/**
 * Performs an operation that is not part of B2. It may refuse with {@link B2Error}, with a code that its row names, and
 * with `StorageError`.
 */
export type ExtensionHandler<Row extends ExtensionRow> = (
  input: ExtensionRequestOf<Row>,
  call: ExtensionCall,
) => Promise<ExtensionResponseOf<Row>>;

/** Rows under their own names. */
export type ExtensionRows = Readonly<Record<ExtensionName, ExtensionRow>>;

/** One handler for each row: a missing or a surplus one does not compile. */
export type ExtensionHandlers<Rows extends ExtensionRows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends ExtensionRow ? ExtensionHandler<Rows[Name]> : never;
};

/** One operation of an extension; its handler fits its row, which {@link extendB2} has made sure of. */
export interface ExtensionOperation {
  readonly row: ExtensionRow;
  readonly handle: (input: object, call: ExtensionCall) => Promise<object>;
}

/** Operations that a handler answers beside those of B2, by their names. Made by {@link extendB2}. */
export type B2Extension = ReadonlyMap<string, ExtensionOperation>;

/**
 * Operations of a server's own, for `B2Options.extension`: a table of rows with one handler for each.
 *
 * @example
 * ```ts
 * const { coffer_get_console } = consoleOperations;
 * const extension = extendB2(
 *   { coffer_get_console },
 *   {
 *     coffer_get_console: async () => {
 *       return { version: '1.2.3', encryptedDownloads: false, snapshots: false, s3Region: null };
 *     },
 *   },
 * );
 * assert.deepEqual([...extension.keys()], ['coffer_get_console']);
 * ```
 */
export function extendB2<const Rows extends ExtensionRows>(
  rows: Rows,
  handlers: NoInfer<ExtensionHandlers<Rows>>,
): B2Extension {
  // What handlers take depends on the name, which is known only at run time; their type has made sure that they fit.
  const handle = handlers as unknown as Readonly<Record<string, ExtensionOperation['handle']>>;
  const operations = Object.entries<ExtensionRow>(rows).flatMap(([name, row]) => {
    const own = handle[name];
    return own === undefined ? [] : [[name, { row, handle: own }] as const];
  });
  return new Map(operations);
}
