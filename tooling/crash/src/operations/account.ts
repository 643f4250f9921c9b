import { textIn } from '../answer.ts';
import type { Ledger } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import type { Workplace } from '../workplace.ts';
import { newNumber } from './files.ts';

/** The most keys, and the most buckets, so that lists stay short. */
const most = 8;

/** Creates an application key or deletes one. */
export async function changeKeys(place: Workplace): Promise<void> {
  const id = claim(place, place.ledger.keys);
  if (id === undefined) return createKey(place);
  const { client, ledger } = place;
  await onClaimed(ledger, id, { do: 'delete key', id }, async () => {
    await client.call('b2_delete_key', { applicationKeyId: id });
    ledger.keys.delete(id);
    ledger.gone.add(id);
  });
}

/** Creates a bucket, changes its info, or deletes it. */
export async function changeBuckets(place: Workplace): Promise<void> {
  const { client, ledger, random } = place;
  const { accountId } = client;
  const id = claim(place, ledger.buckets);
  if (id === undefined) return createBucket(place);
  if (ledger.buckets.size < most && random.below(2) === 0) {
    const note = `note-${newNumber()}`;
    return onClaimed(ledger, id, { do: 'update bucket', id, note }, async () => {
      await client.call('b2_update_bucket', { accountId, bucketId: id, bucketInfo: { note } });
      const bucket = ledger.buckets.get(id);
      if (bucket !== undefined) bucket.note = note;
    });
  }
  await onClaimed(ledger, id, { do: 'delete bucket', id }, async () => {
    await client.call('b2_delete_bucket', { accountId, bucketId: id });
    ledger.buckets.delete(id);
    ledger.gone.add(id);
  });
}

async function createKey({ client, ledger }: Workplace): Promise<void> {
  const name = `crash-key-${newNumber()}`;
  const fields = { accountId: client.accountId, capabilities: ['listFiles'], keyName: name };
  await ledger.during(
    { do: 'create key', name },
    () => client.call('b2_create_key', fields),
    (answer) => {
      const id = textIn(answer, 'applicationKeyId');
      ledger.keys.set(id, { name, secret: textIn(answer, 'applicationKey') });
      return id;
    },
  );
}

async function createBucket({ client, ledger }: Workplace): Promise<void> {
  const name = `crash-bucket-${newNumber()}`;
  const note = 'new';
  const fields = { accountId: client.accountId, bucketName: name, bucketType: 'allPrivate', bucketInfo: { note } };
  await ledger.during(
    { do: 'create bucket', name },
    () => client.call('b2_create_bucket', fields),
    (answer) => {
      const id = textIn(answer, 'bucketId');
      ledger.buckets.set(id, { name, note });
      return id;
    },
  );
}

/** Some id that no other connection is changing; undefined where one is to be made instead. */
function claim({ ledger, random }: Workplace, all: ReadonlyMap<string, unknown>): string | undefined {
  const free = [...all.keys()].filter((id) => !ledger.claimed.has(id));
  if (free.length === 0 || (all.size < most && random.below(2) === 0)) return undefined;
  const id = random.pick(free);
  ledger.claimed.add(id);
  return id;
}

/**
 * Runs an operation while no other connection changes the same thing: of two changes at once, nobody would know which
 * came last.
 */
async function onClaimed(ledger: Ledger, id: string, operation: Operation, run: () => Promise<void>): Promise<void> {
  await ledger.during(
    operation,
    async () => {
      await run();
      return {};
    },
    () => id,
  );
  ledger.claimed.delete(id);
}
