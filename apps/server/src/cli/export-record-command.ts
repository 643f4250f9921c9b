import { writeFile } from 'node:fs/promises';
import { exportRecord, StorageError, type ExportedRecord, type VersionChoice } from '@coffer/storage-core';
import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { openStoreToRead } from '../server/open-beside.ts';
import { StartupError, systemReason } from '../startup-error.ts';
import { recordJson } from './record-json.ts';
import type { Terminal } from './terminal.ts';

interface ExportFlags {
  readonly data?: string;
  readonly config?: string;
  readonly fileId?: string;
  readonly bucket?: string;
  readonly name?: string;
  readonly output?: string;
}

export function addExportRecordCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('export-record')
    .description(
      'print as JSON what is needed, besides the keys, to decrypt one file version without Coffer; also while a ' +
        'server is running',
    )
    .option('--data <DIR>', 'data directory (default: ./data; COFFER_DATA)')
    .option('--config <FILE>', 'JSON file of settings (COFFER_CONFIG)')
    .option('--file-id <ID>', 'the file version')
    .option('--bucket <NAME>', 'with --name, instead of --file-id: the current version of a file')
    .option('--name <FILE>', 'file name in the bucket')
    .option('--output <FILE>', 'where to write it (default: standard output)')
    .action(async () => {
      await exportTo(command.opts<ExportFlags>(), terminal);
    });
}

async function exportTo(flags: ExportFlags, { environment, stdout }: Terminal): Promise<void> {
  const choice = chosen(flags);
  const place = flags.data === undefined ? {} : { data: flags.data };
  const { data } = loadConfig({ flags: place, environment, file: flags.config });
  const text = `${JSON.stringify(recordJson(await readRecord(data, choice)), null, 2)}\n`;
  if (flags.output === undefined) stdout(text);
  else await writeOutput(flags.output, text);
}

/** @throws StartupError `config`. */
function chosen({ fileId, bucket, name }: ExportFlags): VersionChoice {
  if (fileId !== undefined && bucket === undefined && name === undefined) return { fileId };
  if (fileId === undefined && bucket !== undefined && name !== undefined) return { bucketName: bucket, fileName: name };
  throw new StartupError('config', 'Say which file version: --file-id ID, or --bucket NAME and --name FILE.');
}

/** Takes no lock and no key, and changes nothing. @throws StartupError `data`; `config` if there is no such file. */
async function readRecord(data: string, choice: VersionChoice): Promise<ExportedRecord> {
  const store = await openStoreToRead(data, `There is no data in ${data}. Say with --data where it is.`);
  try {
    return await exportRecord(store.metadata, choice);
  } catch (error) {
    throw StorageError.is(error) ? asStartupError(error, data) : error;
  } finally {
    await store.close();
  }
}

function asStartupError(error: StorageError, data: string): unknown {
  switch (error.code) {
    case 'bucket_name_missing':
      return new StartupError('config', `There is no bucket of that name in ${data}.`);
    case 'file_missing':
      return new StartupError('config', `There is no such file version with content in ${data}.`);
    default:
      return new StartupError('data', `The record cannot be exported: ${error.message}.`, { cause: error });
  }
}

/**
 * Writes a file that only its owner can read, since it contains the content of a small file that is stored without
 * encryption.
 */
async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new StartupError('config', `${path} cannot be written: ${systemReason(cause)}.`, { cause });
  }
}
