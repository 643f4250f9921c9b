import type { SecretString } from '@coffer/bytes';
import type { ConfigInput } from '../config/settings.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from './running-server.ts';

/** The settings of a server that keeps everything in memory; unlike elsewhere, they are not checked yet. */
export type MemorySettings = ConfigInput & { readonly memory: true };

/** A server that keeps everything in memory: its account is made at its start, so its master key is known. */
export interface MemoryServer extends RunningServer {
  /** The master application key's secret. The server does not wipe it; the caller may. */
  readonly masterKey: SecretString;
  /** An application key for S3, which does not take the master key; undefined where S3 is off. */
  readonly s3Key?: { readonly id: string; readonly secret: SecretString };
}

/** Defaults that suit tests, which need a free port and no further output. */
const defaults = { listen: '127.0.0.1:0', adminListen: 'off', consoleListen: 'off', logLevel: 'warn' } as const;

/** Checks settings, unless they were checked already. @throws ConfigError */
export function completeSettings(config: ServerConfig | MemorySettings): ServerConfig {
  return 'rootKey' in config ? config : parseConfig({ ...defaults, ...config });
}
