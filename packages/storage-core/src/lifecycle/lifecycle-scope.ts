import {
  prefixRange,
  textPrefixKey,
  type BucketRecord,
  type FileVersionRecord,
  type LifecycleRule,
} from '@coffer/storage-ports';
import type { Turns } from '../core/turns.ts';
import type { LifecycleAction, LifecycleActionKind } from '../services/lifecycle.ts';

/** A bucket, and the time for which its rules are judged. */
export interface BucketScope {
  readonly bucket: BucketRecord;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
  /** The turns of the whole plan, so that the reads of rules that find nothing count, too. */
  readonly turns: Turns;
}

/** One of the bucket's rules. */
export interface RuleScope extends BucketScope {
  readonly rule: LifecycleRule;
}

/** The keys of the rule's names in a table that is ordered by bucket and name. */
export function namesOfRule({ bucket, rule }: RuleScope): ReturnType<typeof prefixRange> {
  return prefixRange(textPrefixKey([bucket.bucketId], rule.fileNamePrefix));
}

/** The rule's action on a version. */
export function actionOn(
  kind: LifecycleActionKind,
  { bucket, rule }: RuleScope,
  { name, fileId, uploadTimestamp }: FileVersionRecord,
): LifecycleAction {
  const { bucketId, name: bucketName } = bucket;
  return { kind, bucketId, bucketName, fileNamePrefix: rule.fileNamePrefix, name, fileId, uploadTimestamp };
}
