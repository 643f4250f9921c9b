import type { Row, TableName, Tables } from '@coffer/storage-ports';
import { DamagedRow, Unsettled, type ReadRow } from './row-reader.ts';
import { faultOfRow, type Fault } from './findings.ts';
import { tableChecks } from './table-checks.ts';
import type { Verifier } from './verifier.ts';

/** How often a row that others keep changing is checked. */
const looks = 20;

/**
 * What is wrong with a row. If something seems to be wrong, the row is read and checked again, since others may have
 * changed it. A fault counts only if the row stayed the same during the check.
 */
export async function settledFaults<Name extends TableName>(
  verifier: Verifier,
  table: Name,
  row: ReadRow<Name>,
): Promise<readonly Fault[]> {
  if (!('damaged' in row) && (await faultsOf(verifier, table, row))?.length === 0) return [];
  const key = 'damaged' in row ? row.damaged.row.key : row.key;
  for (let look = 1; look <= looks; look++) {
    const before = await readAgain(verifier, table, key);
    if (before === undefined) return [];
    if ('damaged' in before) return [faultOfRow(before.damaged)];
    const faults = await faultsOf(verifier, table, before);
    if (faults?.length === 0) return [];
    const after = await readAgain(verifier, table, key);
    const isSame = after !== undefined && !('damaged' in after) && after.version === before.version;
    if (faults !== undefined && isSame) return faults;
  }
  verifier.counts.unsettled++;
  return [];
}

async function readAgain<Name extends TableName>(
  { rows }: Verifier,
  table: Name,
  key: Uint8Array,
): Promise<ReadRow<Name> | undefined> {
  try {
    return await rows.row(table, key);
  } catch (error) {
    if (error instanceof DamagedRow) return { damaged: error };
    throw error;
  }
}

/**
 * What a check finds; undefined if it has to be repeated. If another row that the check needs does not decode, that is
 * found when that row itself is checked.
 */
async function faultsOf<Name extends TableName>(
  verifier: Verifier,
  table: Name,
  row: Row<Tables[Name]>,
): Promise<readonly Fault[] | undefined> {
  verifier.signal?.throwIfAborted();
  try {
    return await tableChecks[table](verifier, row);
  } catch (error) {
    if (error instanceof DamagedRow) return verifier.tables.has(error.row.table) ? [] : [faultOfRow(error)];
    if (error instanceof Unsettled) return undefined;
    throw error;
  }
}
