import type {
  NotificationClaim,
  NotificationLease,
  NotificationOutbox,
  NotificationRuleReference,
} from '@coffer/storage-core';
import { backOffMilliseconds, type BackOff } from './back-off.ts';
import type { DeliveryEvent } from './options.ts';
import { sendWebhook, type SendOptions, type SendResult } from './send-webhook.ts';
import { webhookOf } from './webhook-of.ts';

/** What a turn works with. */
export interface TurnContext {
  readonly outbox: NotificationOutbox;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly lease: NotificationLease;
  readonly send: SendOptions;
  readonly backOff: BackOff;
  readonly suspendAfter: { readonly attempts: number; readonly milliseconds: number };
  readonly onDelivery: (event: DeliveryEvent) => void;
  readonly isStopping: () => boolean;
}

/** Batches that a rule may send before it is another rule's turn. */
const batchesPerTurn = 20;

/**
 * Delivers a rule's events for one turn, batch after batch, oldest first. Returns whether the rule may have more events
 * that can be sent now.
 */
export async function deliverRule(context: TurnContext, reference: NotificationRuleReference): Promise<boolean> {
  const claim = await context.outbox.claim(reference, context.lease);
  if (claim === null) return false;
  try {
    return await deliverClaimed(context, claim);
  } finally {
    wipeSecrets(claim);
  }
}

async function deliverClaimed(context: TurnContext, claim: NotificationClaim): Promise<boolean> {
  const { outbox, onDelivery } = context;
  const about = { bucketId: claim.bucketId, ruleName: claim.ruleName };
  let { failures } = claim;
  for (let batch = 0; batch < batchesPerTurn && !context.isStopping(); batch++) {
    const events = await outbox.read(claim);
    if (events.length === 0) {
      await outbox.release(claim);
      return false;
    }
    const result = await sendWebhook(webhookOf(claim, events), context.send);
    if (!result.delivered) {
      const outcome = await recordFailure(context, { ...claim, failures }, result);
      onDelivery({ ...about, outcome, events: events.length, reason: result.reason });
      return false;
    }
    onDelivery({ ...about, outcome: 'delivered', events: events.length, reason: null });
    // This worker took too long and has lost its claim: another one may have the rule now.
    if (!(await outbox.acknowledge(claim, events))) return false;
    failures = null;
  }
  await outbox.release(claim);
  return !context.isStopping();
}

async function recordFailure(
  context: TurnContext,
  claim: NotificationClaim,
  { reason }: Extract<SendResult, { delivered: false }>,
): Promise<'failed' | 'suspended'> {
  const { outbox, suspendAfter, backOff } = context;
  const now = context.now();
  const attempts = (claim.failures?.attempts ?? 0) + 1;
  const since = claim.failures?.since ?? now;
  if (attempts >= suspendAfter.attempts && now - since >= suspendAfter.milliseconds) {
    const lasting = `${attempts} attempts failed since ${new Date(since).toISOString()}`;
    const isSuspended = await outbox.suspend(claim, `${lasting}; the last one: ${reason}`);
    return isSuspended ? 'suspended' : 'failed';
  }
  await outbox.recordFailure(claim, now + backOffMilliseconds(attempts, backOff, context.random()));
  return 'failed';
}

function wipeSecrets({ target }: NotificationClaim): void {
  target.signingSecret?.wipe();
  for (const { value } of target.customHeaders ?? []) value.wipe();
}
