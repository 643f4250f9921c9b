import { effectiveDefault } from '@coffer/sse-schema';
import { compareKeys, keys, prefixRange, recordKey, type BucketRecord } from '@coffer/storage-ports';
import { bucketIn, requireBucket } from '../records/bucket-lookup.ts';
import { withSettings } from './bucket-settings.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isPossibleId, makeBucketId } from '../core/identifiers.ts';
import { soundRowsOf } from '../core/sound-rows.ts';
import { rowsOf } from '../core/table-pages.ts';
import { removeRules } from '../notifications/notification-rules.ts';
import type { BucketService, BucketSettings, BucketsQuery, NewBucket } from '../services/storage.ts';
import { transact, type Transaction } from '../core/transaction.ts';

/** B2 counts the creation as the second revision. */
const firstRevision = 2;

const wholeTable = { start: new Uint8Array(0), end: undefined };

export function bucketService(core: Core): BucketService {
  return {
    create: (bucket) => createBucket(core, bucket),
    update: (bucketId, settings, options = {}) => updateBucket(core, bucketId, settings, options.ifRevisionIs),
    delete: (bucketId) => deleteBucket(core, bucketId),
    list: (query) => listBuckets(core, query),
    get: (bucketId) => requireBucket(core, bucketId),
    getByName: (name) => getByName(core, name),
  };
}

async function createBucket(core: Core, wanted: NewBucket): Promise<BucketRecord> {
  const bucket = withSettings(core, bareBucket(core, wanted), wanted.settings);
  await core.monitor.requireWritable();
  return transact(core.metadata, async (tx) => {
    if ((await tx.get('bucketNames', keys.bucketNames(bucket.name))) !== undefined) throw failures.bucketNameTaken();
    await requireRoom(core, tx, bucket.accountId);
    tx.expectAbsent('buckets', keys.buckets(bucket.bucketId));
    tx.put('buckets', keys.buckets(bucket.bucketId), bucket);
    tx.put('bucketNames', keys.bucketNames(bucket.name), { bucketId: bucket.bucketId });
    return bucket;
  });
}

function bareBucket(core: Core, { accountId, name, type }: NewBucket): BucketRecord {
  return {
    bucketId: makeBucketId(core),
    accountId,
    name,
    type,
    info: {},
    corsRules: [],
    lifecycleRules: [],
    defaultEncryption: effectiveDefault(undefined, core.options),
    fileLockEnabled: false,
    defaultRetention: null,
    replication: null,
    notifies: false,
    revision: firstRevision,
    createdAt: core.clock.now(),
  };
}

async function requireRoom(core: Core, tx: Transaction, accountId: string): Promise<void> {
  // Every creation writes the counter, so two of them cannot both take the last place.
  const counterKey = keys.counters(`bucket/${accountId}`);
  const created = (await tx.get('counters', counterKey))?.last ?? 0;
  const limit = core.options.maximumBuckets;
  if ((await countBuckets(core, accountId)) >= limit) throw failures.tooManyBuckets(limit);
  tx.put('counters', counterKey, { last: created + 1 });
}

async function updateBucket(
  core: Core,
  bucketId: string,
  settings: BucketSettings,
  ifRevisionIs: number | undefined,
): Promise<BucketRecord> {
  await core.monitor.requireWritable();
  return transact(core.metadata, async (tx) => {
    const bucket = await bucketIn(tx, bucketId);
    if (ifRevisionIs !== undefined && ifRevisionIs !== bucket.revision) throw failures.bucketRevisionMismatch();
    const changed = { ...withSettings(core, bucket, settings), revision: bucket.revision + 1 };
    tx.put('buckets', keys.buckets(bucketId), changed);
    return changed;
  });
}

async function deleteBucket(core: Core, bucketId: string): Promise<BucketRecord> {
  return transact(core.metadata, async (tx) => {
    const bucket = await bucketIn(tx, bucketId);
    const versions = recordKey(bucketId);
    const some = await tx.scan('fileVersions', { ...prefixRange(versions), limit: 1 });
    if (some.length > 0) throw failures.bucketNotEmpty();
    tx.expectEmptyPrefix('fileVersions', versions);
    await removeRules(tx, bucketId);
    tx.delete('buckets', keys.buckets(bucketId));
    tx.delete('bucketNames', keys.bucketNames(bucket.name));
    return { ...bucket, revision: bucket.revision + 1 };
  });
}

async function listBuckets(core: Core, { accountId, bucketId, name }: BucketsQuery): Promise<readonly BucketRecord[]> {
  const wantedName = name?.toLowerCase();
  const buckets = await allBuckets(core, accountId);
  return buckets
    .filter((bucket) => bucketId === undefined || bucket.bucketId === bucketId)
    .filter((bucket) => wantedName === undefined || bucket.name.toLowerCase() === wantedName)
    .sort((a, b) => compareKeys(recordKey(a.name), recordKey(b.name)));
}

async function getByName(core: Core, name: string): Promise<BucketRecord> {
  const named = isPossibleId(name) ? await core.metadata.get('bucketNames', keys.bucketNames(name)) : undefined;
  const bucket = named && (await core.metadata.get('buckets', keys.buckets(named.value.bucketId)));
  if (bucket === undefined) throw failures.bucketNameMissing(name);
  return bucket.value;
}

/** How many buckets the account has, including those whose record is damaged. */
async function countBuckets(core: Core, accountId: string): Promise<number> {
  let count = 0;
  for await (const row of soundRowsOf(core.metadata, 'buckets', wholeTable))
    if ('unsound' in row || row.value.accountId === accountId) count++;
  return count;
}

async function allBuckets(core: Core, accountId: string): Promise<BucketRecord[]> {
  const buckets: BucketRecord[] = [];
  for await (const { value } of rowsOf(core.metadata, 'buckets', wholeTable))
    if (value.accountId === accountId) buckets.push(value);
  return buckets;
}
