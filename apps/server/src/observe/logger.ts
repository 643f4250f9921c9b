import { writeSync } from 'node:fs';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { ServerConfig } from '../config/server-config.ts';
import { systemTimer } from '../server/timer.ts';
import { LogOutput } from './log-output.ts';
import { prettyLines } from './pretty-lines.ts';
import { standardError } from './standard-error.ts';

export interface LogOptions extends Pick<ServerConfig, 'logLevel' | 'logFormat'> {
  /** Where lines go; stderr by default. */
  readonly destination?: DestinationStream;
  /** Called for each line that could not be written to stderr. */
  readonly onDropped?: () => void;
}

/**
 * Fields that are removed from log lines. No line of this server has them on purpose, since what could hold a secret is
 * never logged; this catches mistakes.
 */
const redacted = ['authorization', 'applicationKey', 'customerKey', 'secret', 'token', 'passphrase', 'rootKey'];

/**
 * The server's log: one line per event, written before the call returns, so that the last lines before a crash are not
 * lost. It has stack traces at the levels debug and trace only.
 */
export async function createLogger(options: LogOptions): Promise<Logger> {
  const { logLevel, logFormat, destination } = options;
  const withStack = logLevel === 'debug' || logLevel === 'trace';
  const output: DestinationStream =
    destination ??
    stderrOutput(options, (dropped) => {
      logger.error({ dropped }, 'the log can be written again; lines before this one were dropped');
    });
  const logger = pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => describeError(error, withStack) },
      redact: redacted.flatMap((name) => [name, `*.${name}`]),
    },
    await formatted(logFormat, output),
  );
  return logger;
}

function stderrOutput({ onDropped }: LogOptions, onWorksAgain: (dropped: number) => void): DestinationStream {
  const descriptor = standardError();
  return new LogOutput({
    write: (bytes) => writeSync(descriptor, bytes),
    timer: systemTimer,
    onDropped: () => onDropped?.(),
    onWorksAgain,
  });
}

async function formatted(format: LogOptions['logFormat'], destination: DestinationStream): Promise<DestinationStream> {
  if ((format ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'json') return destination;
  const print = await prettyLines(process.stderr.isTTY);
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

/**
 * What the log shows of an error. Fields that an error class adds are left out, so that they cannot bring secrets into
 * the log.
 */
function describeError(error: unknown, withStack: boolean): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something other than an error was thrown' };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(withStack && error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: describeError(error.cause, withStack) }),
  };
}
