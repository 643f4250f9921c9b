import {
  compareKeys,
  keys,
  type BucketRecord,
  type NotificationRulesRecord,
  type Row,
  type Tables,
} from '@coffer/storage-ports';
import { openTarget, wipeTarget } from '../notifications/notification-target.ts';
import { fault, when, type Fault } from './findings.ts';
import { keyParts } from '../core/key-parts.ts';
import { proofFault, secretFault } from './secret-fault.ts';
import type { Verifier } from './verifier.ts';

/** A bucket belongs to an account, is found by its name, and says rightly whether it has enabled notification rules. */
export async function checkBucket(verifier: Verifier, row: Row<BucketRecord>): Promise<readonly Fault[]> {
  const { rows } = verifier;
  const { key, value } = row;
  const { bucketId, accountId, name, notifies } = value;
  const place = { table: 'buckets', bucketId } as const;
  if (compareKeys(key, keys.buckets(bucketId)) !== 0)
    return [fault('misplaced', place, `The record of bucket ${bucketId} is under another key`)];
  const account = await rows.get('accounts', keys.accounts(accountId));
  const named = await rows.get('bucketNames', keys.bucketNames(name));
  const counter = await rows.get('counters', keys.counters(`bucket/${accountId}`));
  const rules = await rows.get('notificationRules', keys.notificationRules(bucketId));
  const enabled = rules?.rules.some(({ isEnabled }) => isEnabled) ?? false;
  return [
    ...(await proofFault(verifier, place, 'The bucket', row)),
    ...when(
      account === undefined,
      'missing-row',
      place,
      `The bucket belongs to account ${accountId}, which does not exist`,
    ),
    ...when(named === undefined, 'missing-row', place, `The bucket is not found by its name`),
    ...when(
      named !== undefined && named.bucketId !== bucketId,
      'contradiction',
      place,
      `The bucket's name leads to another bucket`,
    ),
    ...when(
      counter === undefined,
      'missing-row',
      place,
      `Account ${accountId} has a bucket, but no counter of buckets`,
    ),
    ...when(
      enabled !== notifies,
      rules === undefined ? 'missing-row' : 'contradiction',
      place,
      `The bucket says that ${notifies ? 'an' : 'no'} event notification rule is enabled, and ` +
        `${enabled ? 'one' : 'none'} is`,
    ),
  ];
}

/** A bucket name leads to the bucket of that name. */
export async function checkBucketName(verifier: Verifier, row: Row<Tables['bucketNames']>): Promise<readonly Fault[]> {
  const { rows } = verifier;
  const { key } = row;
  const { bucketId } = row.value;
  const place = { table: 'bucketNames', bucketId } as const;
  const [name] = keyParts(key, ['text']) ?? [];
  if (name === undefined) return [fault('misplaced', place, 'A bucket name is under a malformed key')];
  const bucket = await rows.get('buckets', keys.buckets(bucketId));
  return [
    ...(await proofFault(verifier, place, `The bucket name ${name}`, row)),
    ...when(bucket === undefined, 'missing-row', place, `The bucket name ${name} leads to no bucket`),
    ...when(
      bucket !== undefined && bucket.name.toLowerCase() !== name,
      'contradiction',
      place,
      `The bucket name ${name} leads to a bucket of another name`,
    ),
  ];
}

/** Rules belong to a bucket, and the target of each opens. */
export async function checkNotificationRules(
  verifier: Verifier,
  row: Row<NotificationRulesRecord>,
): Promise<readonly Fault[]> {
  const { core, rows } = verifier;
  const { key, value } = row;
  const { bucketId, rules } = value;
  const place = { table: 'notificationRules', bucketId } as const;
  if (compareKeys(key, keys.notificationRules(bucketId)) !== 0)
    return [fault('misplaced', place, `The event notification rules of bucket ${bucketId} are under another key`)];
  const bucket = await rows.get('buckets', keys.buckets(bucketId));
  const sealed: Fault[] = [...(await proofFault(verifier, place, 'The bucket’s event notification rules', row))];
  for (const rule of rules)
    sealed.push(
      ...(await secretFault(place, `Event notification rule ${JSON.stringify(rule.name)}`, async () => {
        wipeTarget(await openTarget(core, bucketId, rule));
      })),
    );
  const lost = 'Event notification rules belong to a bucket that does not exist';
  return [...when(bucket === undefined, 'missing-row', place, lost), ...sealed];
}

/** Events and states of deliveries may outlive their rules; only their keys can be wrong. */
export function checkNotificationKey(
  table: 'notificationEvents' | 'notificationStates',
  { key }: Row<unknown>,
): Promise<readonly Fault[]> {
  const parts = table === 'notificationEvents' ? (['text', 'text', 'number'] as const) : (['text', 'text'] as const);
  const isKey = keyParts(key, parts) !== undefined;
  return Promise.resolve(when(!isKey, 'misplaced', { table }, `A row of ${table} is under a malformed key`));
}
