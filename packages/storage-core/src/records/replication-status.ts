import type { BucketRecord, FileVersionRecord, ReplicationRule } from '@coffer/storage-ports';

/**
 * - `PENDING`: a rule of the bucket asks for the file to be replicated.
 * - `FAILED`: a rule asked for it some time ago, and it was not done, since this server does not replicate.
 */
export type ReplicationStatus = 'PENDING' | 'FAILED';

/** Milliseconds after which the replication of a file counts as failed. */
export const replicationPatience = 10 * 60_000;

/** What the status of a version is judged by. */
type JudgedVersion = Pick<FileVersionRecord, 'action' | 'name' | 'committedAt' | 'encryption'>;

/**
 * The replication status of a version by the rules that its bucket has now; nothing of it is stored with the version.
 * Undefined where no rule that is on asks for it to be replicated, and null where one does, but the file is SSE-C,
 * which is never replicated (B2 docs "Cloud Replication").
 *
 * @param now Milliseconds since the epoch.
 */
export function replicationStatus(
  bucket: BucketRecord,
  version: JudgedVersion,
  now: number,
): ReplicationStatus | null | undefined {
  const source = bucket.replication?.asReplicationSource;
  if (source === null || source === undefined || version.action !== 'upload') return undefined;
  const asked = source.replicationRules
    .filter((rule) => asksFor(rule, version))
    .map(({ enabledSince = 0 }) => Math.max(enabledSince, version.committedAt));
  if (asked.length === 0) return undefined;
  if (version.encryption.mode === 'SSE-C') return null;
  return now < Math.min(...asked) + replicationPatience ? 'PENDING' : 'FAILED';
}

function asksFor(
  { isEnabled, fileNamePrefix, includeExistingFiles, enabledSince = 0 }: ReplicationRule,
  { name, committedAt }: JudgedVersion,
): boolean {
  return isEnabled && name.startsWith(fileNamePrefix) && (includeExistingFiles || committedAt >= enabledSince);
}
