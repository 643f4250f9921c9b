export { createStorage } from './create-storage.ts';
export { createBackupLease, type BackupLeaseHolder } from './data/backup-lease.ts';
export { exportRecord, type ExportedRecord, type VersionChoice } from './reads/export-record.ts';
export { readStoreIdentity, renewGeneration } from './core/store-identity.ts';
export { StorageError, type StorageErrorCode, type StorageErrorDetails } from './services/storage-error.ts';
export type * from './services/lifecycle.ts';
export type * from './services/storage.ts';
export type * from './services/notifications.ts';
export type * from './services/token-service.ts';
