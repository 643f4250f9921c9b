import type { Storage } from '@coffer/storage-core';
import type { Listener } from '../net/listener.ts';
import type { Front } from './front.ts';
import { listenPublic } from './listeners.ts';
import type { ServerContext } from './server-context.ts';

/** Listeners of this process. */
export interface LocalFront extends Front {
  /** Stops accepting, and resolves once clients have closed their connections; answers ask them to. */
  drain(): Promise<void>;
}

export function createLocalFront(context: ServerContext, storage: Storage): LocalFront {
  const { tracker, metrics, logger } = context;
  let listeners: readonly Listener[] = [];
  const end = async (how: (listener: Listener) => Promise<void>): Promise<void> => {
    tracker.stop();
    await Promise.all(listeners.map(how));
    // Also requests that lost their connection: the store must outlive them.
    await tracker.idle();
  };
  return {
    open: async () => {
      const { http, https } = await listenPublic(context, storage);
      listeners = [http, https].filter((listener) => listener !== undefined);
      return { http: http?.url, https: https?.url };
    },
    close: async (graceMs) => {
      logger.info({ active: tracker.active }, 'stopping');
      await end((listener) => listener.close(graceMs));
    },
    drain: async () => {
      logger.info({ active: tracker.active }, 'draining');
      await end((listener) => listener.drain());
    },
    refresh: () => Promise.resolve(),
    health: () => storage.health(),
    shortcoming: () => undefined,
    render: () => metrics.render(),
  };
}
