import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const stderr = 2;
let opened: number | undefined;

/**
 * A descriptor of this process's standard error on which a write never waits, as far as the system allows that: if a
 * pipe or socket is full, or a terminal is stopped, the write fails with EAGAIN. A file takes everything at once, or
 * has no space left.
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
    // Opened anew, so that nothing changes for other processes that share the descriptor.
    return openSync('/dev/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return kind.isFIFO() ? notWaiting() : stderr;
  }
}

/** Makes the descriptor non-blocking: Node does that to a pipe or socket when it makes a stream of it. */
function notWaiting(): number {
  return process.stderr.fd;
}
