import type { SnapshotFile, SnapshotItem, SnapshotRecord, SnapshotRequest } from '@coffer/storage-ports';

/** How many snapshots an account may have. */
export interface SnapshotLimits {
  /** That wait or run; another one is refused. */
  readonly active: number;
  /** That have ended; of more, the oldest are forgotten. Their ZIP files stay. */
  readonly ended: number;
}

/** What a change makes of a snapshot. */
export interface SnapshotChange {
  readonly snapshot: SnapshotRecord;
  /** Rows of versions that are added to its list; `snapshot.listing.rows` counts them already. */
  readonly files?: readonly (readonly SnapshotFile[])[];
}

/**
 * The records of snapshots, for the service that makes them. It alone decides what is in them; here they are only kept.
 * What is recorded survives a power cut.
 */
export interface SnapshotRecords {
  /**
   * Records a snapshot that is to be made, behind all others, and resolves with it. Where the account has one of the
   * same request, nothing is recorded, and that one is the result.
   *
   * @throws StorageError `too_many_snapshots`; `request_id_taken`.
   */
  add(snapshot: SnapshotRecord, items: readonly SnapshotItem[], limits: SnapshotLimits): Promise<SnapshotRecord>;
  /**
   * The account's snapshot of a request; undefined if there is none, or none any more.
   *
   * @throws StorageError `request_id_taken` if there is one of the same id and another digest.
   */
  ofRequest(accountId: string, request: SnapshotRequest): Promise<SnapshotRecord | undefined>;
  get(accountId: string, snapshotId: string): Promise<SnapshotRecord | undefined>;
  /** Newest first, from the one before `before` on. */
  list(query: {
    readonly accountId: string;
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly SnapshotRecord[]>;
  /**
   * Replaces a record by what `change` makes of it, in one step; null leaves it as it is. `change` may be called more
   * than once. Resolves with what is recorded then; undefined if there is no such snapshot.
   */
  change(
    accountId: string,
    snapshotId: string,
    change: (snapshot: SnapshotRecord) => SnapshotChange | null,
  ): Promise<SnapshotRecord | undefined>;
  /** The snapshots of all accounts for which something is still to be done, oldest first. */
  queued(): AsyncIterable<{ readonly accountId: string; readonly snapshotId: string }>;
  /** What the snapshot was asked to be made of; undefined if that is not recorded. */
  items(snapshotId: string): Promise<readonly SnapshotItem[] | undefined>;
  /** The rows of versions that are to be stored, in their order. */
  files(snapshotId: string): AsyncIterable<readonly SnapshotFile[]>;
  /**
   * Forgets a snapshot that has ended and was settled, and answers whether it is gone now; one that has not is left as
   * it is. Its ZIP file, if there is one, stays.
   */
  forget(accountId: string, snapshotId: string): Promise<boolean>;
  /** Takes a snapshot that has ended out of the queue, with all that was recorded to make it. */
  settle(accountId: string, snapshotId: string): Promise<void>;
}
