import type { BackupOutcome } from '@coffer/store-local';
import type { Terminal } from './terminal.ts';

/** `12 files with 345 bytes`. */
export function amountOf({ files, bytes }: Pick<BackupOutcome['end'], 'files' | 'bytes'>): string {
  return `${files} files with ${bytes} bytes`;
}

/** When a backup was taken, in words of ISO 8601. */
export function instantOf({ takenAt }: Pick<BackupOutcome['header'], 'takenAt'>): string {
  return new Date(takenAt).toISOString();
}

/** Runs something that signals can stop: then says so on stderr and resolves with undefined. */
export async function untilStopped<T>(
  { onStopSignal, stderr }: Terminal,
  stopped: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const stopping = new AbortController();
  const ignore = onStopSignal(() => {
    stopping.abort();
  });
  try {
    return await work(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    stderr(`${stopped}\n`);
    return undefined;
  } finally {
    ignore();
  }
}
