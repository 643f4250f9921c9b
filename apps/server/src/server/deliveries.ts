import { createDeliveryWorker, type DeliveryEvent } from '@coffer/event-notifications';
import type { NotificationBacklog, Storage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { WaitingEvents } from '../observe/metrics.ts';
import type { ServerContext } from './server-context.ts';

/** Delivers event notifications from now on, until the clean-up. */
export function startDeliveries({ config, clock, logger, metrics, cleanup }: ServerContext, storage: Storage): void {
  let backlog: readonly NotificationBacklog[] = [];
  metrics.watchBacklog(() => sumOf(backlog, clock.now()));
  const worker = createDeliveryWorker({
    outbox: storage.outbox,
    clock,
    random: systemRandom,
    addresses: config.webhooks,
    ...(config.webhookBacklog > 0 && { maximumBacklog: config.webhookBacklog }),
    onBacklog: (counted) => {
      backlog = counted;
    },
    onDelivery: (event) => {
      metrics.notificationSent(event);
      logDelivery(logger, event);
    },
    onError: (error) => {
      metrics.errorSeen(error);
      logger.error({ err: error }, 'event notifications could not be delivered');
    },
  });
  worker.start();
  cleanup.add(() => worker.stop());
}

function sumOf(backlog: readonly NotificationBacklog[], now: number): WaitingEvents {
  const events = backlog.reduce((sum, rule) => sum + rule.events, 0);
  const oldest = backlog.reduce((time, rule) => Math.min(time, rule.oldest), now);
  return { events, oldestSeconds: (now - oldest) / 1_000 };
}

function logDelivery(logger: Logger, { outcome, reason, ...about }: DeliveryEvent): void {
  if (outcome === 'delivered') logger.debug(about, 'webhook delivered');
  else logger.warn({ ...about, reason }, outcome === 'failed' ? 'webhook failed' : 'webhook suspended');
}
