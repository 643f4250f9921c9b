import { StorageError, type Storage, type VerificationRun } from '@coffer/storage-core';
import { InvalidArgumentError, type Command } from 'commander';
import { readCustomerKeys } from '../keys/customer-key-file.ts';
import { createCleanup, type Cleanup } from '../server/cleanup.ts';
import { openStorageToRead } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { keepProgress, readProgress } from './verify-progress.ts';
import { openReport, type VerifyReport } from './verify-report.ts';
import { findingLine, verificationSummary } from './verify-lines.ts';

interface VerifyFlags {
  readonly bucket?: string;
  readonly rate?: number;
  readonly resume?: string;
  readonly json?: string;
  readonly customerKeyFile?: string;
}

/** `endWith` is called with the exit code if something is damaged, or if the run was stopped before its end. */
export function addVerifyCommand(program: Command, terminal: Terminal, endWith: (code: number) => void): void {
  const command = program
    .command('verify')
    .description(
      'read all that is stored and list what is damaged: records, seals, blobs and their checksums; changes ' +
        'nothing; also while a server is running',
    )
    .option('--bucket <NAME>', 'only this bucket and its files')
    .option('--rate <BYTES>', 'bytes of blobs read per second at most (default: no limit)', byteRate)
    .option('--resume <FILE>', 'keep in this file how far the run has come, and go on from there where it was stopped')
    .option('--json <FILE>', 'write each finding, and at the end a summary, as a line of JSON')
    .option(
      '--customer-key-file <FILE>',
      'SSE-C keys to check contents with, one on each line in base64 or hexadecimal',
    );
  addPlaceOptions(command).action(async () => {
    const cleanup = createCleanup();
    try {
      endWith(await verify(command, terminal, cleanup));
    } finally {
      await cleanup.run();
    }
  });
}

function byteRate(text: string): number {
  const bytes = Number(text);
  if (/^\d{1,15}$/.test(text) && bytes > 0) return bytes;
  throw new InvalidArgumentError('It is a whole number of bytes per second, from 1.');
}

/** The exit code. */
async function verify(command: Command, terminal: Terminal, cleanup: Cleanup): Promise<number> {
  const flags = command.opts<VerifyFlags>();
  const config = configOf(command, terminal);
  const absent = `There is no data in ${config.data}. Say with --data where it is.`;
  const storage = await openStorageToRead(config, terminal.environment, { cleanup, absent });
  const stopping = new AbortController();
  cleanup.add(
    terminal.onStopSignal(() => {
      stopping.abort();
    }),
  );
  const { run, isResumed } = await begin(storage, flags, { signal: stopping.signal, cleanup });
  const report = await openReport(flags.json, isResumed);
  cleanup.add(() => report.close());
  const isWhole = await follow(run, { report, terminal, file: flags.resume, signal: stopping.signal });
  await report.end({ counts: run.counts, isWhole });
  terminal.stderr(`${verificationSummary(run.counts, isWhole)}\n`);
  if (run.counts.damaged > 0) return exitCodes.damaged;
  return isWhole ? 0 : exitCodes.incomplete;
}

async function begin(
  storage: Storage,
  { bucket, rate, resume, customerKeyFile }: VerifyFlags,
  { signal, cleanup }: { readonly signal: AbortSignal; readonly cleanup: Cleanup },
): Promise<{ readonly run: VerificationRun; readonly isResumed: boolean }> {
  const customerKeys = customerKeyFile === undefined ? [] : await readCustomerKeys(customerKeyFile);
  cleanup.add(() => {
    for (const key of customerKeys) key.wipe();
  });
  const from = resume === undefined ? undefined : await readProgress(resume);
  try {
    const bucketId = bucket === undefined ? null : (await storage.buckets.getByName(bucket)).bucketId;
    const limits = { ...(rate !== undefined && { bytesPerSecond: rate }), ...(from !== undefined && { from }) };
    const run = await storage.verification.begin({ bucketId, customerKeys, signal, ...limits });
    return { run, isResumed: from !== undefined };
  } catch (error) {
    if (StorageError.is(error, 'bucket_name_missing')) throw new StartupError('config', `${error.message}.`);
    if (StorageError.is(error, 'invalid')) throw new StartupError('config', `${resume ?? ''}: ${error.message}.`);
    throw error;
  }
}

interface Following {
  readonly report: VerifyReport;
  readonly terminal: Terminal;
  /** The file that keeps how far the run has come. */
  readonly file: string | undefined;
  readonly signal: AbortSignal;
}

/** Runs the verification and reports its findings; returns whether everything was checked. */
async function follow(run: VerificationRun, { report, terminal, file, signal }: Following): Promise<boolean> {
  const progress = keepProgress(run, { terminal, file });
  let isWhole = false;
  try {
    for await (const finding of run.findings()) {
      await report.finding(finding);
      progress.print(`${findingLine(finding)}\n`);
    }
    isWhole = true;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await progress.end(isWhole);
  }
  return isWhole;
}
