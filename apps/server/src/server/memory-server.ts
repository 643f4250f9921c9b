import type { SecretString } from '@coffer/bytes';
import type { ConfigInput } from '../config/settings.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from './running-server.ts';

/** The settings of a server that keeps everything in memory; unlike elsewhere, they are not checked yet. */
export type MemorySettings = ConfigInput & { readonly memory: true };

/** A server that keeps everything in memory: it is made at its start, so its master key is known. */
export interface MemoryServer extends RunningServer {
  /** The master application key's secret. Wiped by the caller, if by anybody. */
  readonly masterKey: SecretString;
}

/** A test wants a port that is free, and no output beside its own. */
const defaults = { listen: '127.0.0.1:0', adminListen: 'off', logLevel: 'warn' } as const;

/** Checks settings, unless that was done. @throws ConfigError */
export function completeSettings(config: ServerConfig | MemorySettings): ServerConfig {
  return 'rootKey' in config ? config : parseConfig({ ...defaults, ...config });
}
