import type { Command } from 'commander';
import { workerCommand } from '../workers/start-primary.ts';
import { serveWorker } from '../workers/serve-worker.ts';
import type { Terminal } from './terminal.ts';

/** What `serve` starts its workers with. */
export function addWorkerCommand(program: Command, terminal: Terminal): void {
  program.command(workerCommand, { hidden: true }).action(async () => {
    // Signals go to all processes of a terminal or a service. A worker ignores them: it waits for orders of the
    // primary.
    terminal.onStopSignal(() => undefined);
    terminal.onReloadSignal(() => undefined);
    await serveWorker(terminal.environment);
  });
}
