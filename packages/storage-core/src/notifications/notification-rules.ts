import {
  keys,
  type NotificationRuleRecord,
  type NotificationRulesRecord,
  type NotificationStateRecord,
} from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';
import { bucketIn, requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { makeNotificationRuleId } from '../core/identifiers.ts';
import { openTarget, sealTarget } from './notification-target.ts';
import type { NotificationRule, NotificationRuleSettings, NotificationService } from '../services/notifications.ts';
import { transact, type Transaction } from '../core/transaction.ts';

export function notificationService(core: Core): NotificationService {
  return {
    getRules: (bucketId, within = null) => getRules(core, bucketId, within),
    setRules: (bucketId, rules, within = null) => setRules(core, bucketId, rules, within),
  };
}

/** Removes a deleted bucket's rules. Events that still wait are dropped by the worker that comes to deliver them. */
export async function removeRules(tx: Transaction, bucketId: string): Promise<void> {
  const before = await tx.get('notificationRules', keys.notificationRules(bucketId));
  if (before === undefined) return;
  tx.delete('notificationRules', keys.notificationRules(bucketId));
  for (const { ruleId } of before.rules) tx.delete('notificationStates', keys.notificationStates(bucketId, ruleId));
}

/** Refuses rules for names that do not begin with `prefix`; null: all names are allowed. */
function requireWithin(
  prefix: string | null,
  rules: readonly { readonly objectNamePrefix: string }[] | undefined = [],
): void {
  const isWithin = prefix === null || rules.every(({ objectNamePrefix }) => objectNamePrefix.startsWith(prefix));
  if (!isWithin) throw failures.outsidePrefix();
}

async function getRules(core: Core, bucketId: string, within: string | null): Promise<readonly NotificationRule[]> {
  await requireBucket(core, bucketId);
  const stored = await core.metadata.get('notificationRules', keys.notificationRules(bucketId));
  requireWithin(within, stored?.value.rules);
  return Promise.all(
    (stored?.value.rules ?? []).map(async (rule) => {
      const { name, eventTypes, objectNamePrefix, isEnabled, maxEventsPerBatch, suspension } = rule;
      const target = await openTarget(core, bucketId, rule);
      return { name, eventTypes, objectNamePrefix, isEnabled, maxEventsPerBatch, target, suspension };
    }),
  );
}

async function setRules(
  core: Core,
  bucketId: string,
  wanted: readonly NotificationRuleSettings[],
  within: string | null,
): Promise<readonly NotificationRule[]> {
  requireWithin(within, wanted);
  await core.monitor.requireWritable();
  const sorted = wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await transact(core.metadata, async (tx) => {
    const bucket = await bucketIn(tx, bucketId);
    const before = await tx.get('notificationRules', keys.notificationRules(bucketId));
    requireWithin(within, before?.rules);
    const rules = await Promise.all(sorted.map((rule) => recordOf(core, bucketId, rule, before)));
    putRules(tx, { bucketId, rules });
    const notifies = rules.some(({ isEnabled }) => isEnabled);
    if (bucket.notifies !== notifies) tx.put('buckets', keys.buckets(bucketId), { ...bucket, notifies });
    for (const { ruleId } of before?.rules ?? [])
      await beginAnew(
        tx,
        bucketId,
        ruleId,
        rules.some((rule) => rule.ruleId === ruleId),
      );
  });
  return sorted.map((rule) => ({ ...rule, suspension: null }));
}

async function recordOf(
  core: Core,
  bucketId: string,
  { name, eventTypes, objectNamePrefix, isEnabled, maxEventsPerBatch, target }: NotificationRuleSettings,
  before: NotificationRulesRecord | undefined,
): Promise<NotificationRuleRecord> {
  const ruleId = before?.rules.find((rule) => rule.name === name)?.ruleId ?? makeNotificationRuleId(core);
  const sealed = await sealTarget(core, { bucketId, ruleId }, target);
  return { ruleId, name, eventTypes, objectNamePrefix, isEnabled, maxEventsPerBatch, ...sealed, suspension: null };
}

function putRules(tx: Transaction, record: NotificationRulesRecord): void {
  const key = keys.notificationRules(record.bucketId);
  if (record.rules.length === 0) tx.delete('notificationRules', key);
  else tx.put('notificationRules', key, record);
}

/** Forgets the earlier failures of a rule that was set again. A worker that delivers its events goes on. */
async function beginAnew(tx: Transaction, bucketId: string, ruleId: string, isKept: boolean): Promise<void> {
  const key = keys.notificationStates(bucketId, ruleId);
  const state: NotificationStateRecord | undefined = await tx.get('notificationStates', key);
  if (state === undefined) return;
  if (isKept && state.lease !== null) tx.put('notificationStates', key, { ...state, failures: null });
  else tx.delete('notificationStates', key);
}
