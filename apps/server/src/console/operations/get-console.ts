import type { ExtensionHandler } from '@coffer/b2-protocol';
import type { ConsoleOperations, ConsoleResponseOf } from '@coffer/console-schema';

/** What this console can do. */
export function getConsole(
  facts: ConsoleResponseOf<'coffer_get_console'>,
): ExtensionHandler<ConsoleOperations['coffer_get_console']> {
  return () => Promise.resolve(facts);
}
