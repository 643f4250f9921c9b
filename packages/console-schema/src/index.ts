export {
  consoleOperations,
  type ConsoleOperationName,
  type ConsoleOperations,
  type ConsoleRequestOf,
  type ConsoleResponseOf,
  type ParsedConsoleResponseOf,
} from './operations/operations.ts';
