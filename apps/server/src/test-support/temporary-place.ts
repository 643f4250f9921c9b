import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputIsCollected, tellOutput } from '@coffer/storage-testkit';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigInput } from '../config/settings.ts';
import { call } from './b2-calls.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from '../server/running-server.ts';
import { startServer } from '../server/start-server.ts';
import type { StartOptions } from '../server/server-context.ts';

/** How a test says what has to be undone when it is over; vitest's `onTestFinished`. */
type AtEnd = (undo: () => Promise<void>) => void;

/** Directories and servers that are gone when the test that made them is over. */
export function testPlaces(atEnd: AtEnd) {
  return {
    temporaryDirectory: async (): Promise<string> => {
      const directory = await mkdtemp(join(tmpdir(), 'coffer-server-'));
      atEnd(() => rm(directory, { recursive: true, force: true }));
      return directory;
    },
    start: async (config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> => {
      const server = await startServer(config, { logDestination: collectLog(), environment: {}, ...options });
      atEnd(() => server.close(0));
      atEnd(() => tellFigures(server));
      return server;
    },
  };
}

/**
 * A configuration for free ports and the data directory `data` of a root. It says all it can where that is collected.
 */
export function testConfig(root: string, input: ConfigInput = {}): ServerConfig {
  const collected = outputIsCollected() ? ({ logLevel: 'trace', adminListen: '127.0.0.1:0' } as const) : {};
  const defaults = {
    data: join(root, 'data'),
    listen: '127.0.0.1:0',
    adminListen: 'off',
    consoleListen: 'off',
    ...collected,
  };
  return parseConfig({ ...defaults, ...input });
}

/** The answer itself is what is collected. A server that the test has closed has told its last figures. */
async function tellFigures({ urls: { admin } }: RunningServer): Promise<void> {
  if (outputIsCollected() && admin !== undefined) await call(`${admin}/metrics`).catch(() => undefined);
}

/** Collects what is logged; JSON lines. */
export function collectLog(): { readonly write: (line: string) => void; readonly text: () => string } {
  const lines: string[] = [];
  return {
    write: (line) => {
      lines.push(line);
      tellOutput('log', () => line);
    },
    text: () => lines.join(''),
  };
}
