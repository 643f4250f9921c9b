import { compareOverS3 } from '../s3/compare.ts';
import { completeAgain } from '../s3/uploads.ts';
import type { Workplace } from '../workplace.ts';
import { compareAccount } from './account.ts';
import { compareNames, compareVersions } from './versions.ts';
import { readBack } from './reading.ts';
import { compareParts } from './parts.ts';

/**
 * Compares a server that has been started again with the ledger, which gets the violations. What was open at the kill
 * and turns out to have happened is taken over; the ledger then has nothing open.
 */
export async function verify(place: Workplace): Promise<void> {
  const { ledger } = place;
  for (const operation of ledger.open) {
    const id = 'fileId' in operation ? operation.fileId : 'id' in operation ? operation.id : undefined;
    if (id !== undefined) ledger.note(id, `${operation.do} in flight at the kill`);
  }
  await completeAgain(place);
  await compareVersions(place);
  await compareNames(place);
  await compareParts(place);
  await readBack(place);
  await compareOverS3(place, 'some');
  await compareAccount(place);
  ledger.open.clear();
  ledger.claimed.clear();
}
