import { commitFunction } from './commit-function.ts';
import { databaseTables, tableInDatabase } from './table-names.ts';

/** The statements that bring a schema from one version to the next: the first makes version 1. */
export const migrations: readonly ((schema: string) => readonly string[])[] = [firstVersion];

/** The version of the schema that this code works with. */
export const schemaVersion = migrations.length;

/**
 * Keys are `bytea`, which every collation and encoding of a database leaves in bytewise order. The order of the
 * columns, key first, lets an operator partition a table by ranges of the key, which begin with the bucket.
 */
function firstVersion(schema: string): readonly string[] {
  return [
    ...databaseTables.map(
      ({ name }) =>
        `CREATE TABLE ${schema}.${name} (key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL)`,
    ),
    // Small files are encrypted or compressed by their owners: trying to compress them is wasted. CockroachDB does not
    // have this statement.
    `ALTER TABLE ${schema}.${tableInDatabase('inlineBlobs')} ALTER COLUMN value SET STORAGE EXTERNAL`,
    // Versions of records and numbers of appends, which are safe integers of JavaScript.
    `CREATE SEQUENCE ${schema}.numbers AS bigint MINVALUE 1 MAXVALUE ${Number.MAX_SAFE_INTEGER}`,
    // Ids begin with the time, so that new ones are neighbours in the index.
    `CREATE TABLE ${schema}.commit_ids (
      id bytea PRIMARY KEY, abandoned boolean NOT NULL, asked integer NOT NULL DEFAULT 0,
      made_at timestamptz NOT NULL)`,
    `CREATE TABLE ${schema}.append_order (
      table_number integer NOT NULL, prefix bytea NOT NULL, appends bigint NOT NULL,
      PRIMARY KEY (table_number, prefix))`,
    commitFunction(schema),
  ];
}
