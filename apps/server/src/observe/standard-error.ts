import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const stderr = 2;
let opened: number | undefined;

/**
 * A descriptor of this process's standard error that a write never waits on, as far as the system lets it: what a full
 * pipe, socket or stopped terminal does not take is EAGAIN. Files take everything at once, or have no room.
 */
export function standardError(): number {
  opened ??= open();
  return opened;
}

function open(): number {
  const kind = fstatSync(stderr);
  if (kind.isSocket()) return notWaiting();
  if (!kind.isFIFO() && !isatty(stderr)) return stderr;
  try {
    // Opened anew: other processes that share the descriptor go on as they were.
    return openSync('/dev/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return kind.isFIFO() ? notWaiting() : stderr;
  }
}

/** Node makes pipes and sockets non-blocking when it makes a stream of them. */
function notWaiting(): number {
  return process.stderr.fd;
}
