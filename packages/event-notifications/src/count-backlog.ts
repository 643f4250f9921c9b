import type { DeliveryOptions } from './options.ts';

type CountOptions = Pick<DeliveryOptions, 'outbox' | 'onBacklog' | 'onDelivery'> & {
  readonly maximumBacklog: number;
};

/**
 * Counts the waiting events, and suspends each rule whose deliveries fail and for which more events wait than may. A
 * rule whose receiver takes its events, however slowly, goes on.
 */
export async function countBacklog({ outbox, maximumBacklog, onBacklog, onDelivery }: CountOptions): Promise<void> {
  const backlog = await outbox.backlog();
  onBacklog?.(backlog);
  for (const { bucketId, ruleId, events } of backlog) {
    if (events <= maximumBacklog) continue;
    const reason = `backlog: its deliveries fail, and more than ${maximumBacklog} events wait`;
    const ruleName = await outbox.suspendFailing({ bucketId, ruleId }, reason);
    if (ruleName !== null) onDelivery?.({ outcome: 'suspended', bucketId, ruleName, events, reason });
  }
}
