export {
  createSnapshotService,
  type ListedSnapshot,
  type NewSnapshot,
  type SnapshotPlanPage,
  type SnapshotService,
} from './snapshot-service.ts';
export { createSnapshotWorker, type SnapshotWorker, type SnapshotWorkerOptions } from './snapshot-worker.ts';
export type { SnapshotFailureCode } from './making/failures.ts';
export type { Selection } from './selection.ts';
export { snapshotBucketName } from './snapshot-bucket.ts';
export { snapshotLimits, type SnapshotServiceOptions } from './options.ts';
export { renamedFolder } from './entry-names.ts';
