import { afterEach, beforeEach, describe } from 'vitest';
import type { Endpoint, ServerProcess } from './server-process.ts';
import type { ServerWorld } from './server-world.ts';
import { withServer } from './with-server.ts';

/** Over what the scenarios run, and before which servers. */
export interface WorldSettings {
  /** More of the server's command line. */
  readonly options: readonly string[];
  readonly schemes: readonly Endpoint['scheme'][];
}

/**
 * Declares the same scenarios once for each scheme, each time against a server of its own. After each scenario the
 * server's disk and logs are searched for everything secret that it has seen until then.
 */
export function inWorlds<W extends ServerWorld>(
  title: string,
  kind: new (server: ServerProcess, scheme: Endpoint['scheme']) => W,
  declare: (world: () => W) => void,
  { options, schemes }: WorldSettings,
): void {
  describe.each(schemes)(`${title} over %s`, (scheme) => {
    const server = withServer(options);
    let world: W | undefined;
    const current = (): W => (world ??= new kind(server(), scheme));
    beforeEach(async () => {
      await current().begin();
    });
    afterEach(async () => {
      await current().expectNoLeak();
    });
    declare(current);
  });
}
