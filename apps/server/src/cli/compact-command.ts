import { mkdir, rm } from 'node:fs/promises';
import { StoreError } from '@coffer/storage-ports';
import { compactMetadata, compactionFolder, type Compaction } from '@coffer/store-local';
import type { Command } from 'commander';
import { isThere } from '../data/data-directory.ts';
import { lockDirectory } from '../data/directory-lock.ts';
import { requireNoVisitors } from '../data/visitors.ts';
import { StartupError } from '../startup-error.ts';
import { requireUsableParts } from '../store/judge-store.ts';
import { lookAtParts } from '../store/store-facts.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

export function addCompactCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('compact')
    .description(
      'rewrite the metadata without what was deleted, wrapped keys included; only while no server is running',
    );
  addPlaceOptions(command).action(async () => {
    const { before, after } = await compact(configOf(command, terminal).data);
    terminal.stdout(
      `The metadata had ${before} bytes and has ${after}. What was deleted is not in the file any more.\n`,
    );
  });
}

/** @throws StartupError `data`, `in_use`. */
async function compact(directory: string): Promise<Compaction> {
  if (!(await isThere(directory))) throw absent(directory);
  const lock = await lockDirectory(directory);
  try {
    await requireWhole(directory);
    return await compactLocked(directory);
  } finally {
    await lock.release();
  }
}

/** Checks every page, since compacting reads every page. */
async function requireWhole(directory: string): Promise<void> {
  const parts = await lookAtParts(directory, { inUse: false, pages: Infinity });
  requireUsableParts({ data: directory }, parts);
  if (parts.metadata.state === 'absent') throw absent(directory);
}

async function compactLocked(directory: string): Promise<Compaction> {
  try {
    // Made before it is asked who else works on the store: a command that comes later sees the folder and stops.
    await mkdir(compactionFolder(directory), { recursive: true, mode: 0o700 });
    await requireNoVisitors(directory);
    return await compactMetadata(directory);
  } catch (error) {
    await rm(compactionFolder(directory), { recursive: true, force: true });
    if (!(error instanceof StoreError)) throw error;
    throw new StartupError('data', `${error.message}. The metadata is as it was.`, { cause: error });
  }
}

function absent(directory: string): StartupError {
  return new StartupError('data', `There is no data in ${directory}. Say with --data where it is.`);
}
