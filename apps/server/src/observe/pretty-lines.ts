/** An event of the log, as its JSON line has it. */
type LogEvent = Readonly<Record<string, unknown>>;

/**
 * Prints lines of the log for people: one event is one line, except for stack traces at level debug. Of a finished
 * request, it shows operation, status, time and bytes; the JSON form has everything, and so has this form at level
 * debug.
 */
export async function prettyLines(colorize: boolean): Promise<(line: string) => string> {
  // Imported only here, so that a server that logs JSON, as services do, does not load the package.
  const { prettyFactory } = await import('pino-pretty');
  const print = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return (line) => print(forPeople(JSON.parse(line) as LogEvent));
}

function forPeople(event: LogEvent): LogEvent {
  const { level, time, msg, requestId, durationMs, bytesIn, bytesOut, errorCode, path } = event;
  if (typeof durationMs !== 'number' || typeof msg !== 'string' || path !== undefined) return event;
  const facts = [
    ...(typeof errorCode === 'string' ? [errorCode] : []),
    `${durationMs} ms`,
    ...(Number(bytesIn) > 0 ? [`${Number(bytesIn)} bytes in`] : []),
    ...(Number(bytesOut) > 0 ? [`${Number(bytesOut)} out`] : []),
    ...(typeof errorCode === 'string' ? [`request ${String(requestId)}`] : []),
  ];
  return { level, time, msg: `${msg}  ${facts.join(', ')}` };
}
