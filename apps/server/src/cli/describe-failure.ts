import { CommanderError } from 'commander';
import { StartupError } from '../startup-error.ts';

/** What a failed command says: one paragraph. Undefined where commander has said it already. */
export function describeFailure(error: unknown, { withStack }: { readonly withStack: boolean }): string | undefined {
  if (error instanceof CommanderError) return undefined;
  if (withStack && error instanceof Error) return `coffer: ${stackOf(error)}\n`;
  if (error instanceof StartupError) return `coffer: ${error.message}\n`;
  const message = error instanceof Error ? error.message : 'something that is no error was thrown';
  return `coffer: This was not expected: ${message}. With --log-level debug there is more to see.\n`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
