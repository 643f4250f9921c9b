import {
  keys,
  recordKey,
  type BucketRecord,
  type FileVersionRecord,
  type NotificationEventRecord,
  type NotificationEventType,
  type NotificationRuleRecord,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { makeEventId } from '../core/identifiers.ts';
import type { Transaction } from '../core/transaction.ts';

/**
 * Records what happens to a version, with the commit that makes it happen, for each rule that wants to know. `bucket`:
 * the version's bucket, if it was read already. For a bucket without rules, nothing else is read.
 */
export async function recordEvent(
  tx: Transaction,
  core: Core,
  eventType: NotificationEventType,
  version: FileVersionRecord,
  bucket?: BucketRecord,
): Promise<void> {
  const { bucketId, name } = version;
  const { notifies } = bucket ?? (await tx.peek('buckets', keys.buckets(bucketId))) ?? { notifies: false };
  if (!notifies) return;
  // Makes the commit depend on the rules, so that it adds no event to a rule that was removed meanwhile, together with
  // its events.
  const stored = await tx.get('notificationRules', keys.notificationRules(bucketId));
  const told = (stored?.rules ?? []).filter((rule) => wants(rule, eventType, name));
  if (told.length === 0) return;
  const event = eventOf(core, eventType, version);
  for (const { ruleId } of told) tx.append('notificationEvents', recordKey(bucketId, ruleId), event);
}

function wants(rule: NotificationRuleRecord, eventType: NotificationEventType, name: string): boolean {
  if (!rule.isEnabled || rule.suspension !== null || !name.startsWith(rule.objectNamePrefix)) return false;
  const all = `${eventType.slice(0, eventType.lastIndexOf(':'))}:*`;
  return rule.eventTypes.includes(eventType) || rule.eventTypes.includes(all);
}

function eventOf(
  core: Core,
  eventType: NotificationEventType,
  { name, size, fileId }: FileVersionRecord,
): NotificationEventRecord {
  return {
    eventId: makeEventId(core),
    eventTimestamp: core.clock.now(),
    eventType,
    objectName: name,
    objectSize: size,
    objectVersionId: fileId,
  };
}
