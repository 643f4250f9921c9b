import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigInput } from '../config/config-fields.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from '../server/running-server.ts';
import { startServer } from '../server/start-server.ts';
import type { StartOptions } from '../server/server-context.ts';

/** A directory that is gone when the test is. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-server-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
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

/** A server that is closed when the test is over, at the latest. */
export async function start(config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> {
  const server = await startServer(config, { logDestination: collectLog(), environment: {}, ...options });
  onTestFinished(() => server.close(0));
  return server;
}
