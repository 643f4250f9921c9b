import type { LifecycleRule, ModelBucket, ModelVersion } from './model.ts';

/** What the rules ask for on one name. */
export interface LifecycleWork {
  /** The version to put a hide marker over. */
  readonly hide: ModelVersion | undefined;
  readonly cancel: readonly ModelVersion[];
  /** Newest first. */
  readonly remove: readonly ModelVersion[];
}

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** What a bucket's rules ask for, name by name (B2 docs "Lifecycle Rules"): no two of them are for the same name. */
export function lifecycleWork({ versions, lifecycleRules }: ModelBucket, now: number): LifecycleWork[] {
  const histories = new Map<string, ModelVersion[]>();
  for (const version of versions.toSorted((a, b) => b.timestamp - a.timestamp))
    histories.set(version.name, [...(histories.get(version.name) ?? []), version]);
  return [...histories].flatMap(([name, history]) => {
    const rule = lifecycleRules.find(({ fileNamePrefix }) => name.startsWith(fileNamePrefix));
    return rule === undefined ? [] : [workOf(rule, history, now)];
  });
}

/** What a rule asks for on a name with these versions, newest first. */
function workOf(rule: LifecycleRule, history: readonly ModelVersion[], now: number): LifecycleWork {
  const isOver = (moment: number, days: number | null) => days !== null && moment + days * dayMilliseconds <= now;
  const stored = history.filter(({ action }) => action !== 'start');
  const cancel = history.filter(
    ({ action, timestamp }) =>
      action === 'start' && isOver(timestamp, rule.daysFromStartingToCancelingUnfinishedLargeFiles),
  );
  const superseded = stored.filter((version, index) => {
    const newer = stored[index - 1];
    if (newer === undefined || isKept(version, now)) return false;
    return isOver(Math.max(newer.since, version.since), rule.daysFromHidingToDeleting);
  });
  const current = stored[0];
  const hides = current?.action === 'upload' && isOver(current.since, rule.daysFromUploadingToHiding);
  const gone = new Set([...cancel, ...superseded]);
  const isAlone = current && history.slice(history.indexOf(current) + 1).every((version) => gone.has(version));
  const lone = rule.daysFromHidingToDeleting !== null && current?.action === 'hide' && isAlone ? [current] : [];
  return { hide: hides ? current : undefined, cancel, remove: [...superseded, ...lone] };
}

/** Lifecycle rules keep what is locked. */
function isKept({ lock: { retention, hold } }: ModelVersion, now: number): boolean {
  return hold === 'on' || (retention !== null && retention.until > now);
}
