import { tableNames } from '@coffer/storage-ports';
import { expect, it } from 'vitest';
import { databaseTables, tableInDatabase, tableNumber } from './table-names.ts';

it('every table of the port has a name and a number of its own', () => {
  expect(new Set(tableNames.map(tableNumber)).size).toBe(tableNames.length);
  expect(new Set(tableNames.map(tableInDatabase)).size).toBe(tableNames.length);
  expect(databaseTables.length).toBe(tableNames.length);
});

it('the name in the database is that of the port, in the database’s manner', () => {
  for (const table of tableNames)
    expect(tableInDatabase(table)).toBe(table.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
});

it('refuses another name, which would go into a statement as it is', () => {
  expect(() => tableInDatabase('counters; DROP' as never)).toThrow(RangeError);
});
