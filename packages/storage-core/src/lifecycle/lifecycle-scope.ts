import {
  prefixRange,
  textPrefixKey,
  type BucketRecord,
  type FileVersionRecord,
  type LifecycleRule,
} from '@coffer/storage-ports';
import type { LifecycleAction, LifecycleActionKind } from '../services/lifecycle.ts';

/** A rule, whose it is, and when it is looked at. */
export interface RuleScope {
  readonly bucket: BucketRecord;
  readonly rule: LifecycleRule;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
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
