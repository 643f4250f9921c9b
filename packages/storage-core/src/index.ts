export { createStorage } from './create-storage.ts';
export { exportRecord, type ExportedRecord, type VersionChoice } from './export-record.ts';
export { StorageError, type StorageErrorCode, type StorageErrorDetails } from './storage-error.ts';
export type * from './lifecycle.ts';
export type * from './storage.ts';
export type * from './notifications.ts';
export type * from './token-service.ts';
