import {
  StoreError,
  afterKey,
  compareKeys,
  type MetadataStore,
  type Row,
  type RowPlace,
  type TableName,
  type Tables,
} from '@coffer/storage-ports';
import type { KeyRange } from '../core/table-pages.ts';
import { Turns, rowsPerRead } from '../core/turns.ts';
import { tableShapes } from './table-shapes.ts';

/** A row that is no record of its table, and why. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow';
  readonly row: RowPlace;

  constructor(row: RowPlace, problem: string) {
    super(problem);
    this.row = row;
  }
}

/** Something that a check relied on was changed meanwhile: the check has to be repeated. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/** A row, or the place of one that does not decode. */
export type ReadRow<Name extends TableName> = Row<Tables[Name]> | { readonly damaged: DamagedRow };

/** Reads rows, in turns of the event loop, and refuses those that are no records of their table. */
export class RowReader {
  readonly #metadata: MetadataStore;
  readonly #turns = new Turns();

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** The record. @throws DamagedRow. */
  async get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Tables[Name] | undefined> {
    return (await this.row(table, key))?.value;
  }

  /** The row as it is in the store, not as it was decoded before. @throws DamagedRow. */
  async row<Name extends TableName>(table: Name, key: Uint8Array): Promise<Row<Tables[Name]> | undefined> {
    const [row] = await this.page(table, { start: key, end: afterKey(key) }, 1);
    if (row !== undefined && 'damaged' in row) throw row.damaged;
    return row;
  }

  /** The first row of the range. @throws DamagedRow. */
  async first<Name extends TableName>(table: Name, range: KeyRange): Promise<Row<Tables[Name]> | undefined> {
    const [row] = await this.page(table, range, 1);
    if (row !== undefined && 'damaged' in row) throw row.damaged;
    return row;
  }

  /** At most `limit` rows from the beginning of the range; none means that there are no more. */
  async page<Name extends TableName>(table: Name, range: KeyRange, limit: number): Promise<readonly ReadRow<Name>[]> {
    if (range.end !== undefined && compareKeys(range.start, range.end) >= 0) return [];
    try {
      const rows = await this.#metadata.scan(table, { ...range, limit });
      await this.#turns.handled(rows.length + rowsPerRead);
      return rows.map((row) => inShape(table, row));
    } catch (error) {
      const row = damagedRow(error);
      if (row === undefined) throw error;
      const before = await this.page(table, { start: range.start, end: row.key }, limit);
      return [...before, { damaged: new DamagedRow(row, 'The row does not decode') }].slice(0, limit);
    }
  }
}

/** The key of a row, whether it decodes or not. */
export function keyOf(row: ReadRow<TableName>): Uint8Array {
  return 'damaged' in row ? row.damaged.row.key : row.key;
}

function inShape<Name extends TableName>(table: Name, row: Row<Tables[Name]>): ReadRow<Name> {
  const problem = tableShapes[table].problem(row.value);
  if (problem === undefined) return row;
  return { damaged: new DamagedRow({ table, key: row.key }, `The row is no record of ${table}: it ${verb(problem)}`) };
}

function verb(problem: string): string {
  return problem.startsWith('is ') ? problem : `has a field that is wrong: ${problem}`;
}

/** The row that a store says does not decode. */
function damagedRow(error: unknown): RowPlace | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof StoreError && cause.code === 'damaged') return cause.row;
  return undefined;
}
