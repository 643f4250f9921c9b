import { keys } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { rowsOf } from '../core/table-pages.ts';
import { hideDue, hideMayBeDue } from './lifecycle-rules.ts';
import { actionOn, namesOfRule, type RuleScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import { textAfterBucket } from '../encryption/record-text.ts';

/** The current versions that a rule asks to hide. */
export async function* dueHides(core: Core, scope: RuleScope): AsyncGenerator<LifecycleAction, void> {
  const { bucket, rule, now, turns } = scope;
  const { bucketId } = bucket;
  for await (const { key, value } of rowsOf(core.metadata, 'visibleNames', namesOfRule(scope), scope)) {
    const name = textAfterBucket(bucketId, key);
    const { fileId, uploadTimestamp } = value;
    if (!name.startsWith(rule.fileNamePrefix) || !hideMayBeDue(rule, uploadTimestamp, now)) continue;
    const current = await core.metadata.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
    if (current !== undefined && hideDue(rule, current.value, now)) yield actionOn('hide', scope, current.value);
    await turns.handled(1);
  }
}
