import type { LockConfiguration, Lock } from './lock-model.ts';
import { nothingTold, type EventLog } from './event-model.ts';

/** How a file is asked to be encrypted, and how it is in the end. The numbers are two customers' keys. */
export type Mode = 'none' | 'SSE-B2' | 'SSE-C 1' | 'SSE-C 2';

export interface ModelVersion {
  readonly fileId: string;
  readonly name: string;
  readonly timestamp: number;
  /**
   * When it became a version of its name: a large file keeps the timestamp of its start, but is one only once it is
   * finished.
   */
  since: number;
  readonly mode: Mode;
  action: 'upload' | 'start' | 'hide';
  data: string;
  /** Of an unfinished large file, by number. */
  readonly parts: Map<number, string>;
  lock: Lock;
}

export interface LifecycleRule {
  readonly fileNamePrefix: string;
  readonly daysFromUploadingToHiding: number | null;
  readonly daysFromHidingToDeleting: number | null;
  readonly daysFromStartingToCancelingUnfinishedLargeFiles: number | null;
}

export interface ModelBucket {
  readonly bucketId: string;
  readonly name: string;
  encrypts: boolean;
  lock: LockConfiguration;
  lifecycleRules: readonly LifecycleRule[];
  /** What it told of; null: nobody wants to know. */
  readonly events: EventLog | null;
  versions: ModelVersion[];
}

/** A bucket as it is made, but for what is said. */
export function newBucket(
  bucketId: string,
  name: string,
  { encrypts, locks, tells }: { readonly encrypts: boolean; readonly locks: boolean; readonly tells: boolean },
): ModelBucket {
  const lock = { enabled: locks, standard: null };
  return { bucketId, name, encrypts, lock, lifecycleRules: [], events: tells ? nothingTold() : null, versions: [] };
}

/**
 * What a server must hold after some operations, in the plainest form there is: lists, sorted when they are looked at.
 */
export class Model {
  buckets: ModelBucket[] = [];
  keys: { readonly id: string; readonly name: string }[] = [];
  /** Milliseconds since the epoch. */
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** The encryption that a file gets in a bucket when `asked` was asked for. */
  effective(bucket: ModelBucket, asked: Mode): Mode {
    return asked === 'none' && bucket.encrypts ? 'SSE-B2' : asked;
  }

  /** By name in byte order, newest first. */
  sorted(bucket: ModelBucket): ModelVersion[] {
    return [...bucket.versions].sort((a, b) => byBytes(a.name, b.name) || b.timestamp - a.timestamp);
  }

  /** The newest version of each name that is not an unfinished large file, unless it is a hide marker. */
  visible(bucket: ModelBucket): ModelVersion[] {
    const names = new Map<string, ModelVersion>();
    for (const version of this.sorted(bucket))
      if (version.action !== 'start' && !names.has(version.name)) names.set(version.name, version);
    return [...names.values()].filter(({ action }) => action !== 'hide');
  }

  /** The newest version of a name that is not an unfinished large file. */
  current(bucket: ModelBucket, name: string): ModelVersion | undefined {
    return this.sorted(bucket).find((version) => version.name === name && version.action !== 'start');
  }

  unfinished(bucket: ModelBucket): ModelVersion[] {
    return bucket.versions.filter(({ action }) => action === 'start');
  }

  remove(bucket: ModelBucket, version: ModelVersion): void {
    bucket.versions = bucket.versions.filter((one) => one !== version);
  }

  /** Names with a prefix, those that share what is up to the delimiter behind it as one. */
  folded(names: readonly string[], prefix: string, delimiter: string): string[] {
    const rows = names
      .filter((name) => name.startsWith(prefix))
      .map((name) => {
        const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
        return cut < 0 ? name : name.slice(0, cut + delimiter.length);
      });
    return rows.filter((row, index) => !(row.endsWith('/') && delimiter === '/' && rows.indexOf(row) !== index));
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
