import { prefixRange, recordKey } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { cancelDue } from './lifecycle-rules.ts';
import { actionOn, type RuleScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import { textAfterBucket } from '../encryption/record-text.ts';
import { rowsOf } from '../listings/table-pages.ts';

/** The large files that a rule has cancelled. */
export async function* dueCancellations(core: Core, scope: RuleScope): AsyncGenerator<LifecycleAction, void> {
  const { bucket, rule, now, signal } = scope;
  const range = prefixRange(recordKey(bucket.bucketId));
  for await (const { key, value } of rowsOf(core.metadata, 'unfinishedFiles', range, signal)) {
    if (!value.name.startsWith(rule.fileNamePrefix)) continue;
    const version = await findVersion(readerOf(core.metadata), textAfterBucket(bucket.bucketId, key));
    if (version !== undefined && cancelDue(rule, version, now)) yield actionOn('cancel-large-file', scope, version);
  }
}
