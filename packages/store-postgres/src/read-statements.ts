import type { ScanOptions, TableName } from '@coffer/storage-ports';
import type { Statement } from './connection.ts';
import { tableInDatabase } from './table-names.ts';

/** Reads a record: its version and its value. */
export function getStatement(schema: string, table: TableName, key: Uint8Array): Statement {
  const name = tableInDatabase(table);
  return {
    text: `SELECT version, value FROM ${schema}.${name} WHERE key = $1`,
    values: [Buffer.from(key)],
    name: `get ${name}`,
  };
}

/** Reads the rows of a range: key, version and value. One statement, so the rows are those of one moment. */
export function scanStatement(schema: string, table: TableName, options: ScanOptions): Statement {
  const { start, end, limit, reverse = false } = options;
  const name = tableInDatabase(table);
  const bounded = end !== undefined;
  return {
    text:
      `SELECT key, version, value FROM ${schema}.${name} WHERE key >= $1${bounded ? ' AND key < $3' : ''} ` +
      `ORDER BY key${reverse ? ' DESC' : ''} LIMIT $2`,
    values: [Buffer.from(start), limit, ...(bounded ? [Buffer.from(end)] : [])],
    name: `scan ${name}${bounded ? ' to' : ''}${reverse ? ' back' : ''}`,
  };
}
