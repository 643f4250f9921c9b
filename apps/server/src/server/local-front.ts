import type { Listener } from '../net/listener.ts';
import type { Front } from './front.ts';
import { listenPublic, type MakeS3Handler } from './listeners.ts';
import { makeS3Handler } from './make-s3-handler.ts';
import type { OpenedStores } from './open-storage.ts';
import { loadTls } from '../tls/tls-material.ts';
import type { ServerContext } from './server-context.ts';

/** The storage that is served, and the keys that it works with. */
type LocalStorage = Pick<OpenedStores, 'storage' | 'keyring'>;

/** Listeners of this process. */
export interface LocalFront extends Front {
  /** Stops accepting, and resolves once clients have closed their connections; answers ask them to. */
  drain(): Promise<void>;
}

export function createLocalFront(
  context: ServerContext,
  { storage, keyring }: LocalStorage,
  makeS3: MakeS3Handler = makeS3Handler,
): LocalFront {
  const { config, clock, tracker, metrics, logger } = context;
  let listeners: readonly Listener[] = [];
  const end = async (how: (listener: Listener) => Promise<void>): Promise<void> => {
    tracker.stop();
    await Promise.all(listeners.map(how));
    // Also waits for requests that lost their connection: the store must stay open until they end.
    await tracker.idle();
  };
  const attempt = async (failed: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      logger.error({ err: error }, failed);
    }
  };
  return {
    open: async () => {
      const { http, https, s3 } = await listenPublic(context, storage, makeS3);
      listeners = [http, https, s3].filter((listener) => listener !== undefined);
      return { http: http?.url, https: https?.url, s3: s3?.url };
    },
    close: async (graceMs) => {
      logger.info({ active: tracker.active }, 'stopping');
      await end((listener) => listener.close(graceMs));
    },
    drain: async () => {
      logger.info({ active: tracker.active }, 'draining');
      await end((listener) => listener.drain());
    },
    reload: async () => {
      await attempt('the certificate cannot be reloaded', async () => {
        const tls = config.https && (await loadTls(config.https.tls, clock.now()));
        if (tls) for (const listener of listeners) listener.renew(tls);
      });
      await attempt('the keyring cannot be reloaded', () => keyring.reload());
      logger.info('reloaded');
    },
    refresh: () => Promise.resolve(),
    health: () => storage.health(),
    shortcoming: () => undefined,
    values: () => metrics.values(),
    render: () => metrics.render(),
  };
}
