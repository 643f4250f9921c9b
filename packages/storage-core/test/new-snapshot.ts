import type { BucketRecord, SnapshotRecord } from '@coffer/storage-ports';
import { startTime } from './fixture.ts';

const none = { files: 0, bytes: 0 };

/** A snapshot of a bucket that waits for its turn. */
export function newSnapshot(bucket: BucketRecord, changes: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const { accountId, bucketId, name } = bucket;
  return {
    snapshotId: '1'.repeat(32),
    ...{ accountId, bucketId, bucketName: name, fileName: `${name}/all.zip` },
    selected: { files: 0, folders: 1 },
    state: 'waiting',
    createdAt: startTime,
    startedAt: null,
    endedAt: null,
    listing: { rows: 0, next: { item: 0, after: null } },
    total: none,
    done: none,
    encrypted: { ...none, names: [] },
    absent: { ...none, names: [] },
    deleted: { ...none, names: [] },
    renamed: { files: 0, names: [] },
    upload: null,
    size: null,
    failure: null,
    ...changes,
  };
}
