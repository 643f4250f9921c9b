import {
  afterPrefix,
  compareKeys,
  keys,
  prefixRange,
  recordKey,
  type NotificationRuleRecord,
  type NotificationRulesRecord,
  type NotificationStateRecord,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { BacklogCounter } from './notification-backlog.ts';
import { openTarget } from './notification-target.ts';
import type {
  NotificationClaim,
  NotificationLease,
  NotificationOutbox,
  NotificationRuleReference,
  PendingNotification,
} from '../services/notifications.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { nextTurn, rowsPerRead, rowsPerTurn, Turns } from '../core/turns.ts';

/** Events that are dropped at once; each counts as two rows, since it is read and then deleted. */
const dropsPerStep = rowsPerTurn / 2;
const appendedNumberLength = 8;

export function notificationOutbox(core: Core): NotificationOutbox {
  const counter = new BacklogCounter(core.metadata);
  return {
    pending: () => pendingRules(core),
    backlog: async () => counter.count(await pendingRules(core)),
    claim: (rule, lease) => claimRule(core, rule, lease),
    read: (claim) => readBatch(core, claim),
    acknowledge: (claim, delivered) =>
      whileLeased(core, claim, (tx) => {
        for (const { key } of delivered) tx.delete('notificationEvents', key);
        putState(tx, claim, { lease: leaseFrom(core, claim.lease), failures: null });
        return true;
      }),
    recordFailure: (claim, retryAt) =>
      whileLeased(core, claim, (tx, { failures }) => {
        if (wasSetAgain(claim, failures)) return giveBack(tx, claim);
        const { attempts, since } = failures ?? { attempts: 0, since: core.clock.now() };
        putState(tx, claim, { lease: null, failures: { attempts: attempts + 1, since, retryAt } });
        return true;
      }),
    suspend: (claim, reason) =>
      whileLeased(core, claim, async (tx, { failures }) => {
        if (wasSetAgain(claim, failures)) return giveBack(tx, claim);
        await suspendRule(core, tx, claim, reason);
        return true;
      }),
    suspendFailing: (rule, reason) => transact(core.metadata, (tx) => suspendFailing(core, tx, rule, reason)),
    release: (claim) =>
      whileLeased(core, claim, (tx, { failures }) => {
        putState(tx, claim, { lease: null, failures });
        return true;
      }),
  };
}

/** The rules that have events. Reads one row of each, however many events it has. */
async function pendingRules(core: Core): Promise<readonly NotificationRuleReference[]> {
  const found: NotificationRuleReference[] = [];
  const turns = new Turns();
  for (let start: Uint8Array | undefined = new Uint8Array(0); start !== undefined;) {
    const [row] = await core.metadata.scan('notificationEvents', { start, end: undefined, limit: 1 });
    if (row === undefined) break;
    const prefix = row.key.subarray(0, row.key.length - appendedNumberLength);
    found.push(referenceOf(prefix));
    start = afterPrefix(prefix);
    await turns.handled(1 + rowsPerRead);
  }
  return found;
}

/** The inverse of `recordKey(bucketId, ruleId)`; both are hexadecimal. */
function referenceOf(prefix: Uint8Array): NotificationRuleReference {
  const [bucketId = '', ruleId = ''] = new TextDecoder().decode(prefix).split('\u0000\u0001');
  return { bucketId, ruleId };
}

async function claimRule(
  core: Core,
  reference: NotificationRuleReference,
  lease: NotificationLease,
): Promise<NotificationClaim | null> {
  const { bucketId, ruleId } = reference;
  const claimed = await transact(core.metadata, async (tx) => {
    const rule = ruleIn(await tx.get('notificationRules', keys.notificationRules(bucketId)), ruleId);
    const bucket = await tx.peek('buckets', keys.buckets(bucketId));
    if (rule === undefined || bucket === undefined) return undefined;
    const state = await tx.get('notificationStates', keys.notificationStates(bucketId, ruleId));
    if (!isDue(core, rule, state, lease.owner)) return null;
    const failures = state?.failures ?? null;
    putState(tx, reference, { lease: leaseFrom(core, lease), failures });
    return { rule, bucket, failures };
  });
  if (claimed === undefined) await dropEvents(core, reference);
  if (claimed === undefined || claimed === null) return null;
  const { rule, bucket, failures } = claimed;
  return {
    ...reference,
    accountId: bucket.accountId,
    bucketName: bucket.name,
    ruleName: rule.name,
    maxEventsPerBatch: rule.maxEventsPerBatch,
    target: await openTarget(core, bucketId, rule),
    sealedTarget: rule.sealedTarget,
    failures,
    lease,
  };
}

function isDue(
  core: Core,
  { isEnabled, suspension }: NotificationRuleRecord,
  state: NotificationStateRecord | undefined,
  owner: string,
): boolean {
  const now = core.clock.now();
  const { lease = null, failures = null } = state ?? {};
  const isTaken = lease !== null && lease.owner !== owner && lease.expiresAt > now;
  return isEnabled && suspension === null && !isTaken && (failures === null || failures.retryAt <= now);
}

async function readBatch(core: Core, claim: NotificationClaim): Promise<readonly PendingNotification[]> {
  const stored = await core.metadata.get('notificationRules', keys.notificationRules(claim.bucketId));
  const rule = ruleIn(stored?.value, claim.ruleId);
  // The target is sealed anew, and so changes, each time that the rules are set.
  if (rule === undefined || compareKeys(rule.sealedTarget, claim.sealedTarget) !== 0) return [];
  const range = prefixRange(recordKey(claim.bucketId, claim.ruleId));
  const rows = await core.metadata.scan('notificationEvents', { ...range, limit: claim.maxEventsPerBatch });
  return rows.map(({ key, value }) => ({ key, event: value }));
}

/**
 * Commits a change and returns what `change` returns; false if the claim is no longer valid. An expired lease stays
 * valid until another worker takes the rule.
 */
async function whileLeased(
  core: Core,
  { bucketId, ruleId, lease }: NotificationClaim,
  change: (tx: Transaction, state: NotificationStateRecord) => boolean | Promise<boolean>,
): Promise<boolean> {
  return transact(core.metadata, async (tx) => {
    const state = await tx.get('notificationStates', keys.notificationStates(bucketId, ruleId));
    if (state?.lease?.owner !== lease.owner) return false;
    return change(tx, state);
  });
}

/**
 * Whether earlier failures were forgotten because the rules were set again. Then the request that failed now was still
 * sent by the old rules.
 */
function wasSetAgain(claim: NotificationClaim, failures: NotificationStateRecord['failures']): boolean {
  return claim.failures !== null && failures === null;
}

/** Lets the rule be claimed at once, as it is set now. */
function giveBack(tx: Transaction, claim: NotificationClaim): false {
  putState(tx, claim, { lease: null, failures: null });
  return false;
}

async function suspendFailing(
  core: Core,
  tx: Transaction,
  reference: NotificationRuleReference,
  reason: string,
): Promise<string | null> {
  const { bucketId, ruleId } = reference;
  const state = await tx.get('notificationStates', keys.notificationStates(bucketId, ruleId));
  const rule = ruleIn(await tx.get('notificationRules', keys.notificationRules(bucketId)), ruleId);
  if (rule?.isEnabled !== true || rule.suspension !== null || (state?.failures ?? null) === null) return null;
  await suspendRule(core, tx, reference, reason);
  return rule.name;
}

async function suspendRule(
  core: Core,
  tx: Transaction,
  claim: NotificationRuleReference,
  reason: string,
): Promise<void> {
  const key = keys.notificationRules(claim.bucketId);
  const stored = await tx.get('notificationRules', key);
  tx.delete('notificationStates', keys.notificationStates(claim.bucketId, claim.ruleId));
  if (stored === undefined) return;
  const suspension = { reason, since: core.clock.now() };
  const rules = stored.rules.map((rule) => (rule.ruleId === claim.ruleId ? { ...rule, suspension } : rule));
  tx.put('notificationRules', key, { ...stored, rules });
}

/** Stores a rule's state; a state that says nothing is removed. */
function putState(
  tx: Transaction,
  { bucketId, ruleId }: NotificationRuleReference,
  state: NotificationStateRecord,
): void {
  const key = keys.notificationStates(bucketId, ruleId);
  if (state.lease === null && state.failures === null) tx.delete('notificationStates', key);
  else tx.put('notificationStates', key, state);
}

function leaseFrom(core: Core, { owner, milliseconds }: NotificationLease): NotificationStateRecord['lease'] {
  return { owner, expiresAt: core.clock.now() + milliseconds };
}

function ruleIn(stored: NotificationRulesRecord | undefined, ruleId: string): NotificationRuleRecord | undefined {
  return stored?.rules.find((rule) => rule.ruleId === ruleId);
}

/** Removes the events of a rule that is gone. Its id never comes again, so nothing is added meanwhile. */
async function dropEvents(core: Core, { bucketId, ruleId }: NotificationRuleReference): Promise<void> {
  const range = prefixRange(recordKey(bucketId, ruleId));
  for (;;) {
    const rows = await core.metadata.scan('notificationEvents', { ...range, limit: dropsPerStep });
    await transact(core.metadata, (tx) => {
      for (const { key } of rows) tx.delete('notificationEvents', key);
      return Promise.resolve();
    });
    if (rows.length < dropsPerStep) return;
    await nextTurn();
  }
}
