import type { FileVersionRecord, LifecycleRule } from '@coffer/storage-ports';

const day = 24 * 60 * 60 * 1_000;

/** What lifecycle rules leave of a bucket. */
export interface NaiveOutcome {
  /** Ids of the versions that are left, as they were before. */
  readonly left: readonly string[];
  /** Names over which a hide marker is put. */
  readonly hidden: readonly string[];
}

/**
 * Applies rules to all versions of a bucket at once, as the rules are told in words: nothing is streamed, cut or looked
 * up again.
 */
export function naiveLifecycle(
  versions: readonly FileVersionRecord[],
  rules: readonly LifecycleRule[],
  now: number,
): NaiveOutcome {
  const hidden: string[] = [];
  const removed = new Set<FileVersionRecord>();
  for (const name of new Set(versions.map((version) => version.name))) {
    const rule = rules.find((one) => name.startsWith(one.fileNamePrefix));
    if (rule === undefined) continue;
    const history = versions.filter((version) => version.name === name);
    for (const version of goneOf(history, rule, now)) removed.add(version);
    const current = history.find((version) => version.action !== 'start');
    if (current?.action === 'upload' && isPast(since(current), rule.daysFromUploadingToHiding, now)) hidden.push(name);
  }
  return { left: versions.filter((version) => !removed.has(version)).map(({ fileId }) => fileId), hidden };
}

/** The versions of one name that go; `history` is newest first. */
function goneOf(history: readonly FileVersionRecord[], rule: LifecycleRule, now: number): Set<FileVersionRecord> {
  const { daysFromHidingToDeleting, daysFromStartingToCancelingUnfinishedLargeFiles } = rule;
  const gone = new Set<FileVersionRecord>();
  for (const version of history) {
    if (version.action !== 'start') continue;
    if (isPast(version.uploadTimestamp, daysFromStartingToCancelingUnfinishedLargeFiles, now)) gone.add(version);
  }
  const real = history.filter((version) => version.action !== 'start');
  real.forEach((version, index) => {
    const newer = real[index - 1];
    const isKept = version.legalHold === 'on' || (version.retention?.retainUntil ?? 0) > now;
    const hidden = newer && Math.max(since(newer), since(version));
    if (hidden !== undefined && isPast(hidden, daysFromHidingToDeleting, now) && !isKept) gone.add(version);
  });
  const current = real[0];
  if (current?.action === 'hide' && daysFromHidingToDeleting !== null) {
    const beneath = history.slice(history.indexOf(current) + 1);
    if (beneath.every((version) => gone.has(version))) gone.add(current);
  }
  return gone;
}

function since(version: FileVersionRecord): number {
  return version.partCount === null ? version.uploadTimestamp : Math.max(version.uploadTimestamp, version.committedAt);
}

function isPast(moment: number, days: number | null, now: number): boolean {
  return days !== null && moment + days * day <= now;
}
