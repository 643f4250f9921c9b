import { chooseEngine, nativeUse } from '../store/choose-engine.ts';
import type { Clock } from '@coffer/storage-ports';
import { machineClock } from '@coffer/store-local';
import type { DestinationStream, Logger } from 'pino';
import type { ServerConfig } from '../config/server-config.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { defaultLimits, type NetworkLimits } from '../net/limits.ts';
import { RefusedCredentials } from '../net/refused-credentials.ts';
import { ReservedPorts } from '../net/reserved-ports.ts';
import { createRequestTracker, type RequestTracker } from '../net/request-tracker.ts';
import type { ServerState } from '../observe/admin-handler.ts';
import { createErrorLog, type ErrorLog } from '../observe/error-log.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { builtConsole } from '../own-package.ts';
import { createCleanup, type Cleanup } from './cleanup.ts';
import { systemTimer, type Timer } from './timer.ts';

/** What a server gets from its process. */
export interface StartOptions {
  /** Where the environment variables are that the configuration names; by default, the environment of the process. */
  readonly environment?: Environment;
  readonly clock?: Clock;
  /** What wakes up the work in the background. */
  readonly timer?: Timer;
  /** Begin a new store although the keyring serves others. Default: false. */
  readonly newStore?: boolean;
  /** Warnings about the configuration, for the operator; they are logged first. */
  readonly warnings?: readonly string[];
  /** Replaces the default limits. */
  readonly limits?: Partial<NetworkLimits>;
  /** The directory with the files of the web console; by default where the build puts them. */
  readonly consoleFiles?: string;
  /** Where the log goes; stderr by default. */
  readonly logDestination?: DestinationStream;
}

/** What the parts of one server share. */
export interface ServerContext {
  readonly config: ServerConfig;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly tracker: RequestTracker;
  readonly metrics: Metrics;
  /** Logs and counts what went wrong with a request on the server's side. */
  readonly errorLog: ErrorLog;
  /** Slows down clients that guess; one for all listeners. */
  readonly refusedCredentials: RefusedCredentials;
  readonly cleanup: Cleanup;
  readonly limits: NetworkLimits;
  /** Ports that are bound before keys and data are made; none in a worker process, which binds its own. */
  readonly ports: ReservedPorts;
  readonly newStore: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The directory with the files of the web console. */
  readonly consoleFiles: string;
  state: ServerState;
}

export async function createContext(config: ServerConfig, options: StartOptions): Promise<ServerContext> {
  const { environment = process.env, clock = machineClock, timer = systemTimer, logDestination } = options;
  const { logLevel, logFormat } = config;
  const tracker = createRequestTracker();
  const metrics = createMetrics(() => tracker.active);
  metrics.engineChosen(chooseEngine(config).name, nativeUse(config));
  const onDropped = (): void => {
    metrics.logLineDropped();
  };
  const destination = logDestination && { destination: logDestination };
  const logger = await createLogger({ logLevel, logFormat, onDropped, ...destination });
  const limits = { ...defaultLimits, ...options.limits };
  return {
    config,
    environment,
    clock,
    timer,
    logger,
    tracker,
    metrics,
    errorLog: createErrorLog(logger, metrics),
    refusedCredentials: new RefusedCredentials({ clock, timer, logger, longestDelayMs: limits.refusalDelayMs }),
    cleanup: createCleanup(),
    limits,
    ports: new ReservedPorts(),
    newStore: options.newStore ?? false,
    startedAt: clock.now(),
    consoleFiles: options.consoleFiles ?? builtConsole,
    state: 'starting',
  };
}
