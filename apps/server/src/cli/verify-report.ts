import { open, type FileHandle } from 'node:fs/promises';
import type { Finding, VerificationCounts } from '@coffer/storage-core';
import { StartupError, systemReason } from '../startup-error.ts';

/** What a run found, as lines of JSON in a file. */
export interface VerifyReport {
  finding(finding: Finding): Promise<void>;
  /** The last line. */
  end(summary: { readonly counts: VerificationCounts; readonly isWhole: boolean }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a report that only its owner can read, since it contains names of files. `append`: add to what an earlier part
 * of the run has written.
 *
 * @throws StartupError `config`.
 */
export async function openReport(path: string | undefined, append: boolean): Promise<VerifyReport> {
  if (path === undefined) return { finding: nothing, end: nothing, close: nothing };
  const file = await openFile(path, append);
  const write = async (line: object): Promise<void> => {
    await file.appendFile(`${JSON.stringify(line)}\n`);
  };
  return {
    finding: (finding) => write(finding),
    end: ({ counts, isWhole }) => write({ summary: { ...counts, isWhole } }),
    close: () => file.close(),
  };
}

async function openFile(path: string, append: boolean): Promise<FileHandle> {
  try {
    return await open(path, append ? 'a' : 'w', 0o600);
  } catch (cause) {
    throw new StartupError('config', `The report ${path} cannot be written: ${systemReason(cause)}.`, { cause });
  }
}

const nothing = (): Promise<void> => Promise.resolve();
