import type { HttpHandler } from '@coffer/http';
import type { StorageHealth } from '@coffer/storage-core';
import type { Logger } from 'pino';

/**
 * Logs, after each request, whether the storage takes changes, if that has changed. Clients are told by 403 that there
 * is no space, as by B2, which in the log of requests looks like any other refusal.
 */
export function logStorageState(
  handler: HttpHandler,
  health: () => StorageHealth,
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
): HttpHandler {
  let before: StorageHealth['state'] = 'ok';
  return async (request) => {
    try {
      return await handler(request);
    } finally {
      const { state, reason } = health();
      if (state !== before) say(state, reason);
      before = state;
    }
  };

  function say(state: StorageHealth['state'], reason: string | null): void {
    if (state === 'ok') logger.info('the storage takes changes again');
    else if (state === 'failed')
      logger.error({ reason }, 'the storage takes no changes until the server is started again; reads go on');
    else logger.warn({ reason }, 'no space is left: reads and deletions go on, everything else is refused');
  }
}
