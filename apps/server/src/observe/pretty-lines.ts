/** An event of the log, as its JSON line has it. */
type LogEvent = Readonly<Record<string, unknown>>;

/**
 * Prints lines of the log for people: one event is one line, but for the stack traces of the level debug. A finished
 * request is its operation, status, time and bytes; what else is known of it is in the JSON form, and here at level
 * debug.
 */
export async function prettyLines(colorize: boolean): Promise<(line: string) => string> {
  // Only here: a server that logs JSON, as services do, does not have the package in its process.
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
