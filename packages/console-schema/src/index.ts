export {
  consoleOperations,
  type ConsoleOperationName,
  type ConsoleOperations,
  type ConsoleRequestOf,
  type ConsoleResponseOf,
  type ParsedConsoleResponseOf,
} from './operations/operations.ts';
export {
  wireLeftOut,
  wireSnapshot,
  wireTally,
  type WireLeftOut,
  type WireSnapshot,
  type WireTally,
} from './values/wire-snapshot.ts';
