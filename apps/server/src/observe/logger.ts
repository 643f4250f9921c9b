import { destination as openDestination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { ServerConfig } from '../config/server-config.ts';

export interface LogOptions extends Pick<ServerConfig, 'logLevel' | 'logFormat'> {
  /** Where lines go; stderr by default. */
  readonly destination?: DestinationStream;
}

const stderr = 2;

/**
 * Fields that no log line of this server has on purpose. What could hold a secret is not logged at all; this catches a mistake.
 */
const redacted = ['authorization', 'applicationKey', 'customerKey', 'secret', 'token', 'passphrase', 'rootKey'];

/**
 * The server's log: one line per event, written before the call returns, so that the last lines before a crash are there.
 * Stack traces are in it at the levels debug and trace only.
 */
export function createLogger({ logLevel, logFormat, destination }: LogOptions): Logger {
  const withStack = logLevel === 'debug' || logLevel === 'trace';
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => describeError(error, withStack) },
      redact: redacted.flatMap((name) => [name, `*.${name}`]),
    },
    logStream(logFormat, destination),
  );
}

function logStream(
  format: LogOptions['logFormat'],
  destination: DestinationStream = openDestination({ dest: stderr, sync: true }),
): DestinationStream {
  if ((format ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'json') return destination;
  const print = prettyFactory({ colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss.l' });
  return {
    write: (line) => {
      destination.write(print(line));
    },
  };
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** An error's own fields are left out: whoever adds one need not think of the log. */
function describeError(error: unknown, withStack: boolean): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(withStack && error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: describeError(error.cause, withStack) }),
  };
}
