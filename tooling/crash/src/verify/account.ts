import { rowsIn, textIn, type Answer } from '../answer.ts';
import type { Ledger } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import type { Workplace } from '../workplace.ts';

/**
 * Application keys and buckets: every acknowledged one is there, no deleted one, and no other that was not being made.
 */
export async function compareAccount({ client, s3, ledger, bucketId }: Workplace): Promise<void> {
  const { accountId } = client;
  const keys = rowsIn(await client.call('b2_list_keys', { accountId, maxKeyCount: 1000 }), 'keys');
  const keysById = byId(keys, 'applicationKeyId');
  if (!keysById.delete(s3.keyId)) ledger.violated('the key for S3 is lost', s3.keyId);
  compareIds(ledger, 'key', ledger.keys, keysById, (row) => ({
    name: textIn(row, 'keyName'),
    secret: undefined,
  }));
  const buckets = byId(rowsIn(await client.call('b2_list_buckets', { accountId }), 'buckets'), 'bucketId');
  if (!buckets.delete(bucketId)) ledger.violated('the bucket with the files is lost', bucketId);
  compareIds(ledger, 'bucket', ledger.buckets, buckets, (row) => ({
    name: textIn(row, 'bucketName'),
    note: noteOf(row),
  }));
  for (const [id, row] of buckets) compareNote(ledger, id, noteOf(row));
}

function byId(rows: readonly Answer[], field: string): Map<string, Answer> {
  return new Map(rows.map((row) => [textIn(row, field), row]));
}

function compareIds<T extends { readonly name: string }>(
  ledger: Ledger,
  kind: 'key' | 'bucket',
  known: Map<string, T>,
  listed: ReadonlyMap<string, Answer>,
  fromRow: (row: Answer) => T,
): void {
  for (const id of [...known.keys()]) {
    if (listed.has(id)) continue;
    if (!isInFlight(ledger, { do: `delete ${kind}`, id })) ledger.violated(`${kind} is lost`, id);
    known.delete(id);
    ledger.gone.add(id);
  }
  for (const [id, row] of listed) {
    if (known.has(id)) continue;
    const one = fromRow(row);
    if (ledger.gone.has(id)) ledger.violated(`${kind} was deleted and is there again`, id);
    else if (!isInFlight(ledger, { do: `create ${kind}`, name: one.name }))
      ledger.violated(`${kind} ${one.name} is none that was being made`, id);
    else known.set(id, one);
  }
}

function compareNote(ledger: Ledger, id: string, note: string): void {
  const bucket = ledger.buckets.get(id);
  if (bucket === undefined || bucket.note === note) return;
  if (!isInFlight(ledger, { do: 'update bucket', id, note }))
    ledger.violated(`the bucket's info is ${note}, acknowledged was ${bucket.note}`, id);
  bucket.note = note;
}

function isInFlight(ledger: Ledger, wanted: Operation): boolean {
  const fields = JSON.stringify(wanted);
  return [...ledger.open].some((one) => JSON.stringify(one) === fields);
}

function noteOf(row: Answer): string {
  return String((row['bucketInfo'] as Answer)['note']);
}
