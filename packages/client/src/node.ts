export {
  modifiedInfo,
  type SyncAction,
  type SyncClient,
  type SyncOptions,
  type SyncProgress,
} from './sync/sync-options.ts';
export { syncDown, type SyncDownOptions } from './sync/sync-down.ts';
export { syncUp, type SyncUpOptions } from './sync/sync-up.ts';
