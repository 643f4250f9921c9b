import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The port of a PostgreSQL server on 127.0.0.1, whose superuser `postgres` has the password `postgres`. */
    postgresPort: number;
  }
}

/** Starts a PostgreSQL server for all tests of this folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresPort', server.port);
  return () => server.remove();
}
