import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigInput } from '../config/config-fields.ts';
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
      return server;
    },
  };
}

/** A configuration for free ports and the data directory `data` of a root. */
export function testConfig(root: string, input: ConfigInput = {}): ServerConfig {
  return parseConfig({ data: join(root, 'data'), listen: '127.0.0.1:0', adminListen: 'off', ...input });
}

/** Collects what is logged; JSON lines. */
export function collectLog(): { readonly write: (line: string) => void; readonly text: () => string } {
  const lines: string[] = [];
  return { write: (line) => lines.push(line), text: () => lines.join('') };
}
