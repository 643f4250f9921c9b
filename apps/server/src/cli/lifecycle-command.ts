import { StorageError, type LifecycleOutcome, type LifecycleService } from '@coffer/storage-core';
import type { Command } from 'commander';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import { lifecycleLine, lifecycleSummary, type LifecycleCounts } from './lifecycle-lines.ts';
import type { Terminal } from './terminal.ts';

interface RunFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `failed` is called if an action could not be done. */
export function addLifecycleCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const lifecycle = program.command('lifecycle').description('lifecycle rules of buckets');
  const command = lifecycle
    .command('run')
    .description('apply the lifecycle rules of all buckets now, a line per action; also while a server is running')
    .option('--dry-run', 'only list what would be done')
    .option('--json', 'print each action as a line of JSON');
  addPlaceOptions(command).action(async () => {
    const { dryRun = false, json = false } = command.opts<RunFlags>();
    const config = configOf(command, terminal);
    const cleanup = createCleanup();
    try {
      const absent = `There is no data in ${config.data}. Say with --data where it is.`;
      const storage = await openStorageBeside(config, terminal.environment, { cleanup, absent });
      if (!(await run(storage.lifecycle, { dryRun, json }, terminal))) failed();
    } finally {
      await cleanup.run();
    }
  });
}

/** Runs until everything is done or a signal stops it; returns whether nothing failed. */
async function run(
  lifecycle: LifecycleService,
  { dryRun, json }: { readonly dryRun: boolean; readonly json: boolean },
  { stdout, stderr, onStopSignal }: Terminal,
): Promise<boolean> {
  const counts: LifecycleCounts = { done: 0, planned: 0, skipped: 0, failed: 0 };
  let isPaused = false;
  const stopping = new AbortController();
  const ignore = onStopSignal(() => {
    stopping.abort();
  });
  try {
    for await (const outcome of lifecycle.run({ dryRun, signal: stopping.signal })) {
      counts[outcome.result]++;
      stdout(`${json ? jsonLine(outcome) : lifecycleLine(outcome)}\n`);
    }
  } catch (error) {
    isPaused = StorageError.is(error, 'clock_doubted');
    if (!isPaused && !stopping.signal.aborted) throw error;
  } finally {
    ignore();
  }
  stderr(`${lifecycleSummary(counts, { dryRun, isStopped: stopping.signal.aborted })}\n`);
  if (isPaused) stderr('The clock is doubted: no rule is applied until it is confirmed. See: coffer clock status\n');
  return counts.failed === 0 && !isPaused;
}

function jsonLine(outcome: LifecycleOutcome): string {
  const { action, result } = outcome;
  return JSON.stringify({ ...action, result, ...(outcome.result === 'failed' && { error: outcome.error.message }) });
}
