import { metadataStoreContract, type MetadataFixture } from '@coffer/storage-testkit';
import type { PostgresStoreOptions } from '@coffer/store-postgres';
import { inject } from 'vitest';
import { freshSchema } from './databases.ts';

const port = inject('postgresPort');

async function fixture(options: Partial<PostgresStoreOptions>): Promise<MetadataFixture> {
  const fresh = await freshSchema(port, options);
  return { store: await fresh.open(), reopen: () => fresh.open(), dispose: () => fresh.drop() };
}

metadataStoreContract('PostgreSQL', () => fixture({}));
if (process.env['COFFER_SCALE_SHORT'] === undefined) {
  metadataStoreContract('PostgreSQL with one connection for each handle', () => fixture({ connections: 1 }));
  metadataStoreContract('PostgreSQL under SERIALIZABLE', () => fixture({ isolation: 'serializable' }));
}
