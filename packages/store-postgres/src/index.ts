export { AddressError } from './address.ts';
export { DatabaseFailure, type FailureKind, type Trouble } from './failure.ts';
export { migratePostgres, type Migrated, type MigrateOptions } from './migrate.ts';
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';
export type { StoreState } from './store-state.ts';
