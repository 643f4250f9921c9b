import { CommanderError } from 'commander';
import { StartupError } from '../startup-error.ts';

/** The message of a failed command, one paragraph; undefined if commander has already printed one. */
export function describeFailure(error: unknown, { withStack }: { readonly withStack: boolean }): string | undefined {
  if (error instanceof CommanderError) return undefined;
  if (withStack && error instanceof Error) return `coffer: ${stackOf(error)}\n`;
  if (error instanceof StartupError) return `coffer: ${error.message}\n`;
  const message = error instanceof Error ? error.message : 'something other than an error was thrown';
  return `coffer: Unexpected error: ${message}. Run with --log-level debug to see more.\n`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
