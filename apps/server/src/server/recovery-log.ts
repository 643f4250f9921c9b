import type { RecoveryConcernKind, RecoveryReport } from '@coffer/storage-core';
import type { Logger } from 'pino';

const messages: Readonly<Record<RecoveryConcernKind, string>> = {
  metadata_older:
    'there are more blobs that no file names than crashes can have left: the metadata is older than the blobs. ' +
    'Nothing was moved or removed. Restore the right metadata, or see "Blobs that no file names" in the README ' +
    'of the server',
  undecided:
    'there are blobs without a reference, and rows of the metadata that do not decode, so whether a file names ' +
    'these blobs is not known; nothing was moved. Look with: coffer verify',
  no_space:
    'blobs that no file names could not be put into quarantine, because the disk is full; the next start tries again',
  reference_restored: 'the references of blobs were missing though files name these blobs; they were restored',
  reference_missing:
    'the references of blobs are missing though files name these blobs, and could not be restored; the blobs ' +
    'stay. Look with: coffer verify',
  returned: 'blobs in quarantine are named by files, and were put back',
  deletion_refused:
    'blobs that were to be deleted are named by files; they stay, and so do the notes of their deletion. Look ' +
    'with: coffer verify',
};

/** Logs what recovery did, and warns of what a crash alone does not explain. */
export function logRecovery(logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>, report: RecoveryReport): void {
  const { concerns, ...counts } = report;
  const wasNothing = Object.values(counts).every((count) => count === 0);
  logger[wasNothing ? 'debug' : 'info'](counts, wasNothing ? 'there was nothing to recover' : 'recovered');
  if (report.orphanBlobs > 0)
    logger.warn(
      { blobs: report.orphanBlobs },
      'blobs that no file names were put into quarantine; see: coffer quarantine list',
    );
  for (const { kind, count, ids } of concerns)
    logger[kind === 'metadata_older' ? 'error' : 'warn']({ concern: kind, blobs: count, ids }, messages[kind]);
}

/** How many blobs without a file recovery left where they were. */
export function leftInPlace({ concerns }: RecoveryReport): number {
  const left: readonly RecoveryConcernKind[] = ['metadata_older', 'undecided', 'no_space'];
  return concerns.reduce((sum, { kind, count }) => sum + (left.includes(kind) ? count : 0), 0);
}
