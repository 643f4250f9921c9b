import { createDeliveryWorker, type DeliveryEvent } from '@coffer/event-notifications';
import type { Storage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { ServerContext } from './server-context.ts';

/** Delivers event notifications from now on, until the clean-up. */
export function startDeliveries({ config, clock, logger, metrics, cleanup }: ServerContext, storage: Storage): void {
  const worker = createDeliveryWorker({
    outbox: storage.outbox,
    clock,
    random: systemRandom,
    addresses: config.webhooks,
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

function logDelivery(logger: Logger, { outcome, reason, ...about }: DeliveryEvent): void {
  if (outcome === 'delivered') logger.debug(about, 'webhook delivered');
  else logger.warn({ ...about, reason }, outcome === 'failed' ? 'webhook failed' : 'webhook suspended');
}
