import type { QuarantineService } from '@coffer/storage-core';
import type { QuarantinedBlob } from '@coffer/storage-ports';
import type { Command } from 'commander';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

const page = 1_000;
const blobId = /^[a-z0-9]{1,64}$/;

interface Chosen {
  readonly ids: readonly string[];
  readonly all: boolean;
}

/** `failed` is called if a blob that the command line names could not be restored or removed. */
export function addQuarantineCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const parent = program
    .command('quarantine')
    .description('blobs that no file names, put aside by recovery; also while a server is running');
  const list = parent
    .command('list')
    .description('print each blob in quarantine: id, bytes, and since when it is there')
    .option('--json', 'print each as a line of JSON');
  addPlaceOptions(list).action(async () => {
    const { json = false } = list.opts<{ readonly json?: boolean }>();
    await withQuarantine(list, terminal, (quarantine) => print(quarantine, json, terminal));
  });
  addChoosingCommand(parent, terminal, {
    name: 'restore',
    description: 'put blobs back into use; the next start takes out again what no file names by then',
    run: async (quarantine, ids) => {
      if (!(await restore(quarantine, ids, terminal))) failed();
    },
  });
  addChoosingCommand(parent, terminal, {
    name: 'purge',
    description: 'remove blobs for good, except those that a file names',
    run: async (quarantine, ids) => {
      if (!(await purge(quarantine, ids, terminal))) failed();
    },
  });
}

interface ChoosingCommand {
  readonly name: string;
  readonly description: string;
  readonly run: (quarantine: QuarantineService, ids: readonly string[]) => Promise<void>;
}

function addChoosingCommand(parent: Command, terminal: Terminal, { name, description, run }: ChoosingCommand): void {
  const command = parent
    .command(name)
    .argument('[BLOB...]', 'ids of blobs, as coffer quarantine list prints them')
    .description(description)
    .option('--all', 'all blobs in quarantine');
  addPlaceOptions(command).action(async (ids: readonly string[]) => {
    const { all = false } = command.opts<{ readonly all?: boolean }>();
    requireChoice({ ids, all });
    await withQuarantine(command, terminal, async (quarantine) => {
      await run(quarantine, all ? (await held(quarantine)).map((blob) => blob.blobId) : ids);
    });
  });
}

/** @throws StartupError `config`. */
function requireChoice({ ids, all }: Chosen): void {
  if (all === ids.length > 0)
    throw new StartupError('config', 'Say which blobs: their ids, or --all. List them with: coffer quarantine list');
  const wrong = ids.find((id) => !blobId.test(id));
  if (wrong !== undefined) throw new StartupError('config', `${JSON.stringify(wrong)} is not the id of a blob.`);
}

async function withQuarantine(
  command: Command,
  terminal: Terminal,
  use: (quarantine: QuarantineService) => Promise<void>,
): Promise<void> {
  const config = configOf(command, terminal);
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data}. Say with --data where it is.`;
    const storage = await openStorageBeside(config, terminal.environment, { cleanup, absent });
    await use(storage.recovery.quarantine);
  } finally {
    await cleanup.run();
  }
}

async function held(quarantine: QuarantineService): Promise<readonly QuarantinedBlob[]> {
  const found: QuarantinedBlob[] = [];
  for (;;) {
    const last = found.at(-1)?.blobId;
    const blobs = await quarantine.list({ ...(last !== undefined && { after: last }), limit: page });
    found.push(...blobs);
    if (blobs.length < page) return found;
  }
}

async function print(quarantine: QuarantineService, json: boolean, { stdout, stderr }: Terminal): Promise<void> {
  const blobs = await held(quarantine);
  for (const { blobId: id, size, quarantinedAt } of blobs) {
    const since = new Date(quarantinedAt).toISOString();
    stdout(json ? `${JSON.stringify({ blobId: id, size, quarantinedAt })}\n` : `${id}  ${size}  ${since}\n`);
  }
  if (blobs.length === 0) stderr('Nothing is in quarantine.\n');
}

/** Restores blobs; returns whether all are back in use. */
async function restore(
  quarantine: QuarantineService,
  ids: readonly string[],
  { stdout, stderr }: Terminal,
): Promise<boolean> {
  let missing = 0;
  for (const id of ids) {
    if ((await quarantine.restore(id)) === 'restored') stdout(`restored ${id}\n`);
    else {
      stderr(`${id} is not in quarantine\n`);
      missing++;
    }
  }
  return missing === 0;
}

/** Removes blobs; returns whether all are gone. */
async function purge(
  quarantine: QuarantineService,
  ids: readonly string[],
  { stdout, stderr }: Terminal,
): Promise<boolean> {
  const { purged, named } = await quarantine.purge(ids);
  for (const id of purged) stdout(`removed ${id}\n`);
  for (const id of named) stderr(`${id} stays: a file names it, or may name it; see coffer verify\n`);
  return named.length === 0;
}
