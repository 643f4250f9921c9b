import type {
  ExtensionRequestOf,
  ExtensionResponseOf,
  ExtensionRow,
  ParsedExtensionResponseOf,
} from '@coffer/b2-schema';
import { cancelSnapshot } from './cancel-snapshot.ts';
import { createSnapshot } from './create-snapshot.ts';
import { forgetSnapshot } from './forget-snapshot.ts';
import { getConsole } from './get-console.ts';
import { listSnapshots } from './list-snapshots.ts';
import { planSnapshot } from './plan-snapshot.ts';
import { getEncryptionCoverage } from './get-encryption-coverage.ts';
import { getServer } from './get-server.ts';

/**
 * Every operation that Coffer's console has beside those of B2, one row each. The server has a handler for each.
 *
 * @example
 * ```ts
 * const row = consoleOperations.coffer_get_console;
 * assert.deepEqual(parseRequest(row, {}), { ok: true, value: {} });
 * assert.equal(parseRequest(row, { colour: 'red' }).ok, false);
 * ```
 */
export const consoleOperations = {
  coffer_get_console: getConsole,
  coffer_plan_snapshot: planSnapshot,
  coffer_create_snapshot: createSnapshot,
  coffer_list_snapshots: listSnapshots,
  coffer_cancel_snapshot: cancelSnapshot,
  coffer_forget_snapshot: forgetSnapshot,
  coffer_get_encryption_coverage: getEncryptionCoverage,
  coffer_get_server: getServer,
} as const satisfies { readonly [Name in `coffer_${string}`]: ExtensionRow };

/** The type of the table, each row with its own literal types. */
export type ConsoleOperations = typeof consoleOperations;
/** The name of an operation, such as `coffer_get_console`. */
export type ConsoleOperationName = keyof ConsoleOperations;
/** The values of a request, as a handler gets them. */
export type ConsoleRequestOf<Name extends ConsoleOperationName> = ExtensionRequestOf<ConsoleOperations[Name]>;
/** The JSON that a handler answers with. */
export type ConsoleResponseOf<Name extends ConsoleOperationName> = ExtensionResponseOf<ConsoleOperations[Name]>;
/** The same as a client reads it: ids are branded. */
export type ParsedConsoleResponseOf<Name extends ConsoleOperationName> = ParsedExtensionResponseOf<
  ConsoleOperations[Name]
>;
