import type { ExtensionHandlers } from '@coffer/b2-protocol';
import type { ConsoleOperations, ConsoleResponseOf } from '@coffer/console-schema';
import type { SnapshotService } from '@coffer/snapshots';
import { getConsole } from './get-console.ts';
import { getEncryptionCoverage } from './get-encryption-coverage.ts';
import { getServer, type ServerFacts } from './get-server.ts';
import { snapshotHandlers } from './snapshots.ts';

/** What the operations of the console answer from. */
export interface ConsoleSources {
  readonly console: ConsoleResponseOf<'coffer_get_console'>;
  readonly server: ServerFacts;
  readonly snapshots: SnapshotService;
}

/** One handler for each row of the table of the console's operations: a missing or a surplus one does not compile. */
export function consoleHandlers(sources: ConsoleSources): ExtensionHandlers<ConsoleOperations> {
  return {
    coffer_get_console: getConsole(sources.console),
    coffer_get_encryption_coverage: getEncryptionCoverage,
    coffer_get_server: getServer(sources.server),
    ...snapshotHandlers(sources.snapshots),
  };
}
