import { prefixRange, recordKey } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { rowsOf } from '../core/table-pages.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { cancelDue } from './lifecycle-rules.ts';
import { actionOn, type BucketScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import { textAfterBucket } from '../encryption/record-text.ts';

const rowsPerLookup = 2;

/**
 * The large files that a bucket's rules ask to cancel. One pass serves all rules, because at most one of them applies
 * to a name.
 */
export async function* dueCancellations(core: Core, scope: BucketScope): AsyncGenerator<LifecycleAction, void> {
  const { bucket, now, turns } = scope;
  const range = prefixRange(recordKey(bucket.bucketId));
  for await (const { key, value } of rowsOf(core.metadata, 'unfinishedFiles', range, scope)) {
    const rule = bucket.lifecycleRules.find(({ fileNamePrefix }) => value.name.startsWith(fileNamePrefix));
    if (typeof rule?.daysFromStartingToCancelingUnfinishedLargeFiles !== 'number') continue;
    const version = await findVersion(readerOf(core.metadata), textAfterBucket(bucket.bucketId, key));
    if (version !== undefined && cancelDue(rule, version, now))
      yield actionOn('cancel-large-file', { ...scope, rule }, version);
    await turns.handled(rowsPerLookup);
  }
}
