import type { ExtensionHandlers } from '@coffer/b2-protocol';
import type { ConsoleOperations, ConsoleResponseOf } from '@coffer/console-schema';
import type { SnapshotService } from '@coffer/snapshots';
import { getConsole } from './get-console.ts';
import { snapshotHandlers } from './snapshots.ts';

/** What the operations of the console answer from. */
export type ConsoleFacts = ConsoleResponseOf<'coffer_get_console'>;

/** One handler for each row of the table of the console's operations: a missing or a surplus one does not compile. */
export function consoleHandlers(facts: ConsoleFacts, snapshots: SnapshotService): ExtensionHandlers<ConsoleOperations> {
  return {
    coffer_get_console: getConsole(facts),
    ...snapshotHandlers(snapshots),
  };
}
