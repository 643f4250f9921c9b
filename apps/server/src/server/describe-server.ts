import type { ConsoleResponseOf } from '@coffer/console-schema';
import type { Keyring } from '@coffer/keyring';
import { RequestHistory } from '../observe/request-history.ts';
import { version } from '../own-package.ts';
import type { Front } from './front.ts';
import { repeat } from './repeat.ts';
import type { ServerContext } from './server-context.ts';

const minuteMilliseconds = 60_000;

/** What is described besides the figures of the context. */
interface Described {
  /** What answers clients. */
  readonly front: Front;
  readonly keyring: Pick<Keyring, 'listKeys'>;
}

/**
 * Counts the requests of all processes minute by minute from now on, until the clean-up. The function that it returns
 * describes the server as the console shows it: no key, no name of a file, bucket or place.
 */
export function describeServer(
  { config, clock, timer, logger, metrics, startedAt, cleanup }: ServerContext,
  { front, keyring }: Described,
): () => Promise<ConsoleResponseOf<'coffer_get_server'>> {
  const history = new RequestHistory(clock, () => front.values());
  const work = async (): Promise<void> => {
    try {
      await front.refresh();
      await history.nextMinute();
    } catch (error) {
      logger.debug({ err: error }, 'the requests of a minute could not be counted');
    }
  };
  const everyMilliseconds = minuteMilliseconds;
  cleanup.add(repeat({ timer, firstMilliseconds: everyMilliseconds, everyMilliseconds, work }));
  return async () => {
    await front.refresh();
    const { clockDoubted, waiting, scrub, quarantine } = metrics.current();
    const { state, reason } = front.health();
    const keys = await keyring.listKeys();
    return {
      version,
      nodeVersion: process.versions.node,
      startedAt,
      workers: config.workers,
      shortcoming: front.shortcoming() ?? null,
      store: { state, reason },
      clockDoubted,
      keyring: keys.map(({ id, state: keyState, createdAt }) => ({ id, state: keyState, createdAt })),
      outbox: { events: waiting.events, oldestSeconds: waiting.oldestSeconds },
      requests: await history.minutes(),
      scrub,
      quarantine,
    };
  };
}
